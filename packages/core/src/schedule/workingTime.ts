import { compileCalendar } from "../calendars/compile.ts";
import type { WorkingCalendar } from "../calendars/workingCalendar.ts";
import type { ProjectState } from "../model/state.ts";
import { formatWallClock, type Minutes, parseWallClock } from "../model/wallClock.ts";
import { CalendarSet } from "./calendarSet.ts";

/** A task's working time, for turning dragged and resized bars into durations. Dates are wall-clock texts. */
export interface WorkingTime {
  /** Working minutes between two dates; negative where `to` lies before `from`. `undefined` where one is no date. */
  between(from: string, to: string): number | undefined;
  /** Date at which so many working minutes from `from` are done. */
  add(from: string, minutes: number): string | undefined;
  /** The next working moment at or after a date: where a start is put. */
  snapStart(date: string): string | undefined;
  /** The last working moment at or before a date: where a finish is put. */
  snapFinish(date: string): string | undefined;
}

/** Working time of a task: its calendar joined with its resources'. A task that does not live has the project's. */
export function workingTime(state: ProjectState, taskId: string): WorkingTime {
  const set = new CalendarSet(state);
  const task = state.tasks.get(taskId);
  return over(set.calendars[task ? set.resolve(task).index : set.projectIndex] as WorkingCalendar);
}

/** Working time of one calendar. */
export const calendarTime = (state: ProjectState, calendarId: string): WorkingTime => over(compileCalendar(state, calendarId));

function over(calendar: WorkingCalendar): WorkingTime {
  const at = (date: string, then: (t: Minutes) => Minutes): string | undefined => {
    const t = parseWallClock(date);
    return t === undefined ? undefined : formatWallClock(then(t));
  };
  return {
    between(from, to) {
      const [a, b] = [parseWallClock(from), parseWallClock(to)];
      return a === undefined || b === undefined ? undefined : calendar.workAt(b) - calendar.workAt(a);
    },
    add: (from, minutes) => at(from, (t) => (minutes > 0 ? calendar.finishOf(calendar.workAt(t) + minutes) : calendar.startOf(calendar.workAt(t) + minutes))),
    snapStart: (date) => at(date, (t) => calendar.startOf(calendar.workAt(t))),
    snapFinish: (date) => at(date, (t) => calendar.finishOf(calendar.workAt(t))),
  };
}
