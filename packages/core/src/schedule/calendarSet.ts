import { alwaysWorking, calendarChain, calendarSource, intersectionOf, type SpanSource, unionOf } from "../calendars/source.ts";
import { WorkingCalendar } from "../calendars/workingCalendar.ts";
import type { TaskRecord } from "../model/collections.ts";
import { compareText } from "../model/json.ts";
import type { ProjectState } from "../model/state.ts";

interface Entry {
  /** Calendar records that it is made of, parents included. */
  readonly parts: ReadonlySet<string>;
  readonly works: boolean;
}

export interface ResolvedCalendar {
  readonly index: number;
  /** The task's calendar and its resources' have no common working time, or the calendar has none at all: another one stands in. */
  readonly stranded: boolean;
}

/** Every calendar that dates are counted in, by number; 0 is around the clock. Task calendars joined with resource calendars are made once for each combination. */
export class CalendarSet {
  readonly #state: ProjectState;
  /** Numbers of single calendars by id, of joined ones by what they are made of. */
  readonly #single = new Map<string, number>();
  readonly #joint = new Map<string, number>();
  readonly #entries: Entry[] = [];
  readonly calendars: WorkingCalendar[] = [];

  constructor(state: ProjectState) {
    this.#state = state;
    this.#add(new Set(), alwaysWorking);
  }

  #add(parts: ReadonlySet<string>, source: SpanSource): number {
    const calendar = new WorkingCalendar(source);
    const index = this.#entries.length;
    this.#entries.push({ parts, works: calendar.hasWork() });
    this.calendars.push(calendar);
    return index;
  }

  /** Number of a calendar record; around the clock where none is named or it does not live. */
  indexOf(id: string | null | undefined): number {
    if (id == null || !this.#state.calendars.has(id)) return 0;
    const known = this.#single.get(id);
    if (known !== undefined) return known;
    const index = this.#add(new Set(calendarChain(this.#state, id)), calendarSource(this.#state, id));
    this.#single.set(id, index);
    return index;
  }

  get projectIndex(): number {
    const index = this.indexOf(this.#state.project.calendar);
    return this.#entries[index]?.works ? index : 0;
  }

  /** S5: task calendar ∩ union of the resources' calendars. */
  resolve(task: TaskRecord): ResolvedCalendar {
    const state = this.#state;
    const own = task.calendar != null && state.calendars.has(task.calendar) ? task.calendar : state.project.calendar;
    const base = this.indexOf(own);
    const assignments = state.assignmentsOfTask.of(task.id);
    const works = this.#entries[base]?.works === true;
    if (assignments.size === 0 || task.ignoreResourceCalendar === true || !works) return { index: works ? base : 0, stranded: !works };
    const ids = new Set<string | undefined>();
    for (const id of assignments) {
      const resource = state.resources.get(state.assignments.get(id)?.resource ?? "");
      if (!resource) continue;
      const calendar = resource.calendar ?? state.project.calendar;
      ids.add(calendar != null && state.calendars.has(calendar) ? calendar : undefined);
    }
    const baseId = base === 0 ? undefined : (own as string);
    // A union that contains the task's own calendar, or all time, takes nothing away.
    if (ids.size === 0 || ids.has(baseId) || ids.has(undefined)) return { index: base, stranded: false };
    const index = this.#joined(baseId, [...(ids as Set<string>)].sort(compareText));
    return this.#entries[index]?.works ? { index, stranded: false } : { index: base, stranded: true };
  }

  #joined(base: string | undefined, resources: string[]): number {
    const key = JSON.stringify([base ?? null, resources]);
    const known = this.#joint.get(key);
    if (known !== undefined) return known;
    const parts = new Set([...(base === undefined ? [] : [base]), ...resources].flatMap((id) => calendarChain(this.#state, id)));
    const [first, ...others] = resources.map((id) => calendarSource(this.#state, id)) as [SpanSource, ...SpanSource[]];
    const union = others.length === 0 ? first : unionOf([first, ...others]);
    const index = this.#add(parts, base === undefined ? union : intersectionOf([calendarSource(this.#state, base), union]));
    this.#joint.set(key, index);
    return index;
  }

  /** Whether any calendar in use is made of one of these records. */
  uses(ids: ReadonlySet<string>): boolean {
    return this.#entries.some((entry) => [...entry.parts].some((part) => ids.has(part)));
  }
}
