import type { LiveProject, Transaction } from "@livegantt/client";
import { type Json, orderKeyBetween, type ProjectState, type RecordKind, type TaskRecord } from "@livegantt/core";
import type { Random } from "./random.ts";

/** One kind of edit: does it, and says in words what it did; undefined where there is nothing to do it to. */
type Edit = (hand: Hand) => string | undefined;

/** Somebody's hand on a plan. Every value it enters is a new one, so that each can be followed. */
export interface Hand {
  readonly live: LiveProject;
  readonly random: Random;
  /** A number that was never given before. */
  readonly fresh: () => number;
}

const days = ["2026-01-05", "2026-01-09", "2026-01-14", "2026-02-02", "2026-02-21", "2026-03-30"];
const constraints = ["muststarton", "mustfinishon", "startnoearlierthan", "startnolaterthan", "finishnoearlierthan", "finishnolaterthan"];

/** A wall-clock time that was never given before. */
function freshDate({ random, fresh }: Hand): string {
  const n = fresh();
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${random.pick(days)}T${two(8 + (n % 9))}:${two(Math.floor(n / 9) % 60)}:${two(Math.floor(n / 540) % 60)}`;
}

const task = ({ live, random }: Hand): TaskRecord | undefined => random.pick([...live.state.tasks.values()]);
const one = <K extends Exclude<RecordKind, "project">>({ live, random }: Hand, kind: K) => random.pick([...live.state.map(kind).values()]);
const calendar = (hand: Hand): string | null => (hand.random.chance(0.3) ? null : (one(hand, "calendars")?.id ?? null));

/** Writes one field of a random task. */
const field =
  (name: string, value: (hand: Hand, record: TaskRecord) => Json): Edit =>
  (hand) => {
    const record = task(hand);
    if (!record) return undefined;
    const changes = { [name]: value(hand, record) };
    hand.live.update("tasks", record.id, changes);
    return `sets ${JSON.stringify(changes)} of task ${record.id}`;
  };

const update = (hand: Hand, kind: Exclude<RecordKind, "project">, changes: (hand: Hand) => Record<string, Json>): string | undefined => {
  const record = one(hand, kind);
  if (!record) return undefined;
  const wanted = changes(hand);
  hand.live.update(kind, record.id, wanted);
  return `sets ${JSON.stringify(wanted)} of ${kind}/${record.id}`;
};

const remove = (hand: Hand, kind: Exclude<RecordKind, "project">, atLeast: number): string | undefined => {
  const record = hand.live.state.map(kind).size > atLeast ? one(hand, kind) : undefined;
  if (!record) return undefined;
  hand.live.remove(kind, record.id);
  return `removes ${kind}/${record.id}`;
};

const newId = (hand: Hand, prefix: string): string => `${prefix}${hand.fresh()}`;
const place = (hand: Hand): string | null => (hand.random.chance(0.4) ? null : (task(hand)?.id ?? null));

/** A key right after a sibling. */
function keyAfter(state: ProjectState, sibling: TaskRecord): string {
  const siblings = state.children.of(sibling.parentId ?? null);
  const next = siblings[siblings.indexOf(sibling.id) + 1];
  return orderKeyBetween(sibling.orderKey ?? null, next === undefined ? null : (state.tasks.get(next)?.orderKey ?? null));
}

function move(hand: Hand, record: TaskRecord, parentId: string | null, words: string): string {
  hand.live.update("tasks", record.id, { parentId }, "task.move");
  return `${words} task ${record.id} under ${parentId ?? "the top"}`;
}

const moves: Readonly<Record<string, Edit>> = {
  move: (hand) => {
    const record = task(hand);
    return record && move(hand, record, place(hand), "moves");
  },
  indent: (hand) => {
    const record = task(hand);
    if (!record) return undefined;
    const siblings = hand.live.state.children.of(record.parentId ?? null);
    const above = siblings[siblings.indexOf(record.id) - 1];
    return above === undefined ? undefined : move(hand, record, above, "indents");
  },
  outdent: (hand) => {
    const record = task(hand);
    const parent = record?.parentId == null ? undefined : hand.live.state.tasks.get(record.parentId);
    if (!record || !parent) return undefined;
    hand.live.update("tasks", record.id, { parentId: parent.parentId ?? null, orderKey: keyAfter(hand.live.state, parent) }, "task.outdent");
    return `outdents task ${record.id} after ${parent.id}`;
  },
  reorder: (hand) => {
    const [record, after] = [task(hand), task(hand)];
    if (!record || !after || record.id === after.id) return undefined;
    hand.live.update("tasks", record.id, { parentId: after.parentId ?? null, orderKey: keyAfter(hand.live.state, after) }, "task.reorder");
    return `puts task ${record.id} after ${after.id}`;
  },
};

function addSubtree(hand: Hand, tx: Transaction): string {
  const top = tx.add("tasks", { id: newId(hand, "t"), name: `group ${hand.fresh()}`, parentId: place(hand) });
  const rows: string[] = [];
  for (let i = 0; i < 2 + hand.random.int(2); i++)
    rows.push(
      tx.add("tasks", {
        id: newId(hand, "t"),
        name: `row ${hand.fresh()}`,
        duration: hand.fresh(),
        durationUnit: "minute",
        parentId: rows[0] !== undefined && hand.random.chance(0.3) ? (rows[0] as string) : top,
      }),
    );
  const [first, second] = rows as [string, string];
  if (hand.random.chance(0.5)) tx.add("dependencies", { id: newId(hand, "d"), fromTask: first, toTask: second === first ? top : second });
  const outside = task(hand);
  if (outside && hand.random.chance(0.4)) tx.add("dependencies", { id: newId(hand, "d"), fromTask: outside.id, toTask: first });
  return `adds the branch ${top} with ${rows.join(", ")}`;
}

const structure: Readonly<Record<string, Edit>> = {
  ...moves,
  add: (hand) => {
    const id = newId(hand, "t");
    hand.live.add("tasks", {
      id,
      name: `task ${hand.fresh()}`,
      parentId: place(hand),
      ...(hand.random.chance(0.5) ? { duration: hand.fresh(), durationUnit: "minute" } : {}),
    });
    return `adds task ${id} under ${hand.live.state.tasks.get(id)?.parentId ?? "the top"}`;
  },
  addSubtree: (hand) => hand.live.transact("task.add", (tx) => addSubtree(hand, tx)),
  removeTask: (hand) => remove(hand, "tasks", 6),
  group: (hand) => {
    const chosen = [task(hand), task(hand), task(hand)].flatMap((record) => (record ? [record.id] : []));
    const atomic = hand.random.chance(0.3);
    hand.live.transact(
      "group",
      (tx) => {
        for (const id of new Set(chosen))
          tx.update("tasks", id, hand.random.chance(0.5) ? { name: `name ${hand.fresh()}` } : { note: `note ${hand.fresh()}`, percentDone: percent(hand) });
      },
      { atomic },
    );
    return `edits ${[...new Set(chosen)].join(", ")} together${atomic ? ", all or none" : ""}`;
  },
};

const percent = ({ fresh }: Hand): number => (fresh() % 9_999) / 100;

const fields: Readonly<Record<string, Edit>> = {
  name: field("name", ({ fresh }) => `name ${fresh()}`),
  note: field("note", ({ fresh }) => `note ${fresh()}`),
  duration: (hand) =>
    update(hand, "tasks", ({ fresh, random }) => ({
      duration: fresh(),
      ...(random.chance(0.5) ? { durationUnit: random.chance(0.5) ? "minute" : "hour" } : {}),
    })),
  constraint: (hand) =>
    update(hand, "tasks", ({ random }) =>
      random.chance(0.2)
        ? { constraintType: null, constraintDate: null }
        : { constraintType: random.pick(constraints) ?? null, constraintDate: freshDate(hand) },
    ),
  percentDone: field("percentDone", percent),
  manual: (hand) =>
    update(hand, "tasks", ({ random }) =>
      random.chance(0.3) ? { manuallyScheduled: false } : { manuallyScheduled: true, ...(random.chance(0.6) ? { startDate: freshDate(hand) } : {}) },
    ),
  startDate: field("startDate", (hand) => freshDate(hand)),
  effort: (hand) => update(hand, "tasks", ({ fresh, random }) => ({ effort: fresh(), effortUnit: random.chance(0.5) ? "hour" : "minute" })),
  schedulingMode: field("schedulingMode", ({ random }) => random.pick(["Normal", "FixedDuration", "FixedEffort", "FixedUnits"]) ?? null),
  taskCalendar: field("calendar", (hand) => calendar(hand)),
  deadline: field("deadlineDate", (hand) => freshDate(hand)),
  inactive: field("inactive", (_, record) => record.inactive !== true),
  rollup: field("rollup", (_, record) => record.rollup !== true),
  color: field("eventColor", ({ fresh }) => `#${fresh().toString(16).padStart(6, "0")}`),
  custom: field("ticket", ({ fresh }) => `ticket ${fresh()}`),
  leveling: field("levelingDelay", ({ fresh }) => fresh()),
  segments: field("segments", ({ fresh, random }) =>
    random.chance(0.3)
      ? null
      : [
          { id: "a", offset: 0, duration: fresh() },
          { id: "b", offset: 100_000, duration: 60 },
        ],
  ),
  baselineByHand: field("baselines.5", (hand) => ({ startDate: freshDate(hand), duration: hand.fresh(), durationUnit: "minute" })),
};

const others: Readonly<Record<string, Edit>> = {
  addLink: (hand) => {
    const [from, to] = [task(hand), task(hand)];
    if (!from || !to || from.id === to.id) return undefined;
    const id = newId(hand, "d");
    const more = {
      ...(hand.random.chance(0.3) ? { type: hand.random.int(4) } : {}),
      ...(hand.random.chance(0.4) ? { lag: hand.fresh(), lagUnit: "minute" } : {}),
    };
    hand.live.add("dependencies", { id, fromTask: from.id, toTask: to.id, ...more });
    return `links ${from.id} with ${to.id} as ${id} ${JSON.stringify(more)}`;
  },
  changeLink: (hand) =>
    update(hand, "dependencies", ({ random, fresh }) => {
      const what = random.int(4);
      return what === 0
        ? { type: random.int(4) }
        : what === 1
          ? { active: random.chance(0.5) }
          : what === 2
            ? { ticket: fresh() }
            : { lag: fresh(), lagUnit: "minute" };
    }),
  removeLink: (hand) => remove(hand, "dependencies", 0),
  addResource: (hand) => {
    const id = newId(hand, "r");
    hand.live.add("resources", { id, name: `person ${hand.fresh()}`, calendar: calendar(hand) });
    return `adds resource ${id}`;
  },
  changeResource: (hand) =>
    update(hand, "resources", ({ random, fresh }) =>
      random.chance(0.4) ? { name: `person ${fresh()}` } : random.chance(0.5) ? { maxUnits: fresh() } : { calendar: calendar(hand) },
    ),
  removeResource: (hand) => remove(hand, "resources", 1),
  assign: (hand) => {
    const [event, resource] = [task(hand), one(hand, "resources")];
    if (!event || !resource) return undefined;
    const id = newId(hand, "a");
    hand.live.add("assignments", { id, event: event.id, resource: resource.id, ...(hand.random.chance(0.6) ? { units: hand.fresh() } : {}) });
    return `assigns ${resource.id} to ${event.id} as ${id}`;
  },
  changeUnits: (hand) => update(hand, "assignments", ({ fresh }) => ({ units: fresh() })),
  unassign: (hand) => remove(hand, "assignments", 0),
  addCalendar: (hand) => {
    const id = newId(hand, "c");
    const week = {
      recurrentStartDate: "on Mon,Tue,Wed,Thu,Fri at 08:00",
      recurrentEndDate: `on Mon,Tue,Wed,Thu,Fri at ${12 + (hand.fresh() % 6)}:00`,
      isWorking: true,
    };
    hand.live.add("calendars", {
      id,
      name: `calendar ${hand.fresh()}`,
      unspecifiedTimeIsWorking: false,
      "intervals.week": week,
      parentId: hand.random.chance(0.3) ? calendar(hand) : null,
    });
    return `adds calendar ${id}`;
  },
  changeCalendar: (hand) =>
    update(hand, "calendars", ({ random, fresh }) => {
      const what = random.int(6);
      if (what === 0) return { name: `calendar ${fresh()}` };
      if (what === 1)
        return {
          "intervals.week": random.chance(0.4)
            ? null
            : { recurrentStartDate: "on Mon at 08:00", recurrentEndDate: `on Mon at ${10 + (fresh() % 8)}:00`, isWorking: true },
        };
      if (what === 2) return { unspecifiedTimeIsWorking: random.chance(0.5) };
      if (what === 3) return { parentId: calendar(hand) };
      return {
        [`intervals.h${random.int(3)}`]: random.chance(0.2)
          ? null
          : { name: `holiday ${fresh()}`, startDate: "2026-01-14T00:00:00", endDate: "2026-01-15T00:00:00", isWorking: false },
      };
    }),
  removeCalendar: (hand) => remove(hand, "calendars", 1),
  comment: (hand) => {
    const on = task(hand);
    if (!on) return undefined;
    const id = newId(hand, "m");
    hand.live.add("comments", {
      id,
      task: on.id,
      text: `comment ${hand.fresh()}`,
      ...(hand.random.chance(0.3) ? { parent: one(hand, "comments")?.id ?? null } : {}),
    });
    return `comments on ${on.id} as ${id}`;
  },
  changeComment: (hand) =>
    update(hand, "comments", ({ random, fresh }) => (random.chance(0.5) ? { text: `comment ${fresh()}` } : { resolved: random.chance(0.6) })),
  removeComment: (hand) => remove(hand, "comments", 0),
  project: (hand) => {
    const { random, live } = hand;
    const what = random.int(8);
    const changes: Record<string, Json> =
      what === 0
        ? { startDate: freshDate(hand) }
        : what === 1
          ? { statusDate: freshDate(hand) }
          : what === 2
            ? { hoursPerDay: 4 + (hand.fresh() % 2_000) / 100, daysPerWeek: 5, daysPerMonth: 20 }
            : what === 3
              ? { calendar: calendar(hand) }
              : what === 4
                ? { honorConstraints: random.chance(0.5) }
                : what === 5
                  ? { dependenciesCalendar: random.pick(["ToEvent", "FromEvent", "Project", "AllWorking"]) ?? null }
                  : what === 6 && random.chance(0.4)
                    ? { direction: "Backward", endDate: freshDate(hand) }
                    : what === 6
                      ? { direction: "Forward", endDate: null }
                      : { name: `project ${hand.fresh()}` };
    live.update("project", live.state.project.id, changes);
    return `sets ${JSON.stringify(changes)} of the project`;
  },
  captureBaseline: (hand) => {
    const index = hand.random.int(3);
    hand.live.captureBaseline(index);
    return `captures baseline ${index}`;
  },
};

const edits: Readonly<Record<string, Edit>> = { ...fields, ...structure, ...others };
/** What people do most; everything else counts 1. */
const weights: Readonly<Record<string, number>> = {
  name: 5,
  duration: 4,
  note: 2,
  constraint: 2,
  move: 4,
  indent: 2,
  outdent: 2,
  reorder: 3,
  add: 4,
  addSubtree: 2,
  removeTask: 3,
  group: 3,
  addLink: 5,
  changeLink: 3,
  removeLink: 1.5,
  assign: 2,
  changeUnits: 2,
  comment: 1.5,
};
const table = Object.fromEntries(Object.keys(edits).map((name) => [name, weights[name] ?? 1]));

/** Does one random edit, and says in words what it was. @throws ClientError where a law forbids it. */
export const edit = (hand: Hand): string | undefined => edits[hand.random.weighted(table)]?.(hand);

/** Types into one cell, key by key: quick edits of one register that may go out as one. */
export function type(hand: Hand): string | undefined {
  const record = task(hand);
  if (!record) return undefined;
  const texts = Array.from({ length: 2 + hand.random.int(3) }, () => `typed ${hand.fresh()}`);
  for (const name of texts) hand.live.update("tasks", record.id, { name });
  return `types ${JSON.stringify(texts)} into the name of task ${record.id}`;
}

const popular = [
  ["dig", "roof"],
  ["pour", "brick"],
  ["roof", "paint"],
  ["plaster", "move"],
] as const;

/** Links or assigns what others do too at the time, and goes on with the own record: it may turn out to be an alias of another's (K6). */
export function crowd(hand: Hand): string | undefined {
  const { live, random, fresh } = hand;
  const [from, to] = random.pick(popular) ?? popular[0];
  const kind = random.chance(0.7) ? "dependencies" : "assignments";
  const id = newId(hand, kind === "dependencies" ? "d" : "a");
  live.add(kind, kind === "dependencies" ? { id, fromTask: from, toTask: to } : { id, event: from, resource: "ann" });
  const more: Record<string, Json> = random.chance(0.5)
    ? { ticket: `ticket ${fresh()}` }
    : kind === "dependencies"
      ? { lag: fresh(), lagUnit: "minute" }
      : { units: fresh() };
  if (live.state.get(kind, id)) live.update(kind, id, more);
  return `joins ${from} with ${kind === "dependencies" ? to : "ann"} as ${id}, then sets ${JSON.stringify(more)}`;
}
