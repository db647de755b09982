import type { Collection, StoredRecord } from "../../model/collections.ts";
import type { Json } from "../../model/json.ts";
import { orderKeyBlock, orderKeysBetween } from "../../model/orderKeys.ts";
import type { ProjectState } from "../../model/state.ts";
import type { Changeset, Registers } from "../changeset.ts";

/** Numbers that an action reads against its author's view: shrinking them keeps a story meaningful. */
export interface Dice {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** What a person with this view does; undefined where the view offers nothing to do it to. `fresh` makes an id, at times one that was used before. */
export type Action = (view: ProjectState, dice: Dice, fresh: (kind: Collection) => string) => Changeset | undefined;

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const keys = (map: ReadonlyMap<string, unknown>): string[] => [...map.keys()];
const dates = ["2026-03-02T08:00:00", "2026-03-09T00:00:00", "2026-10-25T02:30:00", "2027-01-01T00:00:00", null];
const units = ["minute", "hour", "day", "week", null];

type Change = (dice: Dice, view: ProjectState) => Registers;
const segments = (b: number): Json => [
  { id: "s1", offset: 0, duration: 60 + b },
  { id: "s2", offset: 120 + b, duration: 60 },
];

const taskChanges: readonly Change[] = [
  ({ b }) => ({ name: pick(["A", "B", "C", "", null], b) }),
  ({ b, c }) => ({ duration: pick([0, 1, 2, 3.5, null], b), ...(c % 2 ? { durationUnit: pick(units, c) } : {}) }),
  ({ b }) => ({ durationUnit: pick(units, b) }),
  ({ b, c }) => ({ constraintType: pick(["muststarton", "startnoearlierthan", "finishnolaterthan", null], b), constraintDate: pick(dates, c) }),
  ({ b }) => ({ constraintType: pick(["muststarton", null], b) }),
  ({ b }) => ({ manuallyScheduled: pick([true, false, null], b) }),
  ({ b }) => ({ startDate: pick(dates, b) }),
  ({ b, c }) => ({ manuallyScheduled: pick([true, false], c), startDate: pick(dates, b) }),
  ({ b }) => ({ percentDone: pick([0, 10, 100, null], b) }),
  ({ b, c }) => ({ effort: pick([0, 8, null], b), effortUnit: pick(units, c) }),
  ({ b }) => ({ schedulingMode: pick(["Normal", "FixedEffort", null], b) }),
  ({ b }, view) => ({ calendar: pick([...keys(view.calendars), null], b) }),
  ({ b }) => ({ deadlineDate: pick(dates, b), inactive: b % 2 === 0 }),
  ({ b }) => ({ note: pick(["long", "short", null], b), cls: pick(["red", "blue", null], b) }),
  ({ b }) => ({ segments: b % 3 === 0 ? null : segments(b) }),
  ({ b, c }) => ({ [`baselines.${c % 3}`]: b % 3 === 0 ? null : { startDate: pick(dates, b) ?? null, duration: b } }),
  ({ b }) => ({ risk: pick([{ level: 1, tags: ["x", null] }, { level: 2 }, "high", null], b) as Json }),
  ({ b, c }, view) => ({
    parentId: pick([...keys(view.tasks), null], b),
    ...(c % 2 ? { orderKey: keyAt(view, pick([...keys(view.tasks), null], b) ?? null, c) } : {}),
  }),
  ({ b }, view) => ({ orderKey: keyAt(view, null, b) }),
  ({ b }) => ({ orderKey: pick([null, "a0", "a1", "a1V", "a0000000000000000000000000000000000V"], b) }),
];
const linkChanges: readonly Change[] = [
  ({ b }) => ({ lag: pick([0, 1, -2, null], b) }),
  ({ b, c }) => ({ lag: pick([0, 1, -2, null], b), lagUnit: pick(units, c) }),
  ({ b }) => ({ type: pick([0, 1, 2, 3, null], b) }),
  ({ b }) => ({ active: pick([true, false, null], b) }),
  ({ b }, view) => ({ calendar: pick([...keys(view.calendars), null], b) }),
];
const resourceChanges: readonly Change[] = [
  ({ b }) => ({ name: pick(["R", "S", null], b) }),
  ({ b }) => ({ maxUnits: pick([50, 100, null], b) }),
  ({ b }) => ({ cost: pick([1, null], b), currency: "EUR" }),
  ({ b }, view) => ({ calendar: pick([...keys(view.calendars), null], b) }),
];
const night = { recurrentStartDate: "on Mon at 00:00", recurrentEndDate: "on Tue at 00:00", isWorking: true };
const holiday = { startDate: "2026-12-24T00:00:00", endDate: "2026-12-27T00:00:00", isWorking: false };
const calendarChanges: readonly Change[] = [
  ({ b }) => ({ name: pick(["C", "D", null], b) }),
  ({ b }) => ({ unspecifiedTimeIsWorking: pick([true, false, null], b) }),
  ({ b }, view) => ({ parentId: pick([...keys(view.calendars), null], b) }),
  ({ b, c }) => ({ [`intervals.${pick(["i1", "i2"], c)}`]: pick([null, night, holiday], b) as Json }),
];
const projectChanges: readonly Change[] = [
  ({ b }) => ({ name: pick(["P", "Q", null], b) }),
  ({ b }, view) => ({ calendar: pick([...keys(view.calendars), null], b) }),
  ({ b }) => ({ hoursPerDay: pick([8, 7.5, null], b) }),
  ({ b }) => ({ startDate: pick(dates, b), direction: pick(["Forward", "Backward", null], b) }),
  ({ b }) => ({ timeZone: pick(["Europe/Berlin", "America/New_York", null], b) }),
];

function keyAt(view: ProjectState, parent: string | null, n: number): string {
  const siblings = view.children.of(parent);
  const at = n % (siblings.length + 1);
  const key = (i: number): string | null => view.tasks.get(siblings[i] ?? "")?.orderKey ?? null;
  return n % 5 === 0 ? (key(at) ?? "a0") : (orderKeysBetween(key(at - 1), key(at), 1)[0] as string);
}

/** `was` as the author saw it, left out now and then (C1), and now and then only for one member. */
function update(kind: Collection | "project", record: StoredRecord, changes: Registers, n: number): Changeset {
  const fields = Object.keys(changes);
  const seen = n % 7 === 0 ? fields.slice(0, 1) : fields;
  const was = Object.fromEntries(seen.map((field) => [field, record[field] ?? null]));
  return { [kind]: { updated: [{ id: record.id, changes, ...(n % 4 === 0 ? {} : { was }) }] } } as Changeset;
}

const editing =
  (kind: Collection, changes: readonly Change[]): Action =>
  (view, dice) => {
    const record = view.map(kind).get(pick(keys(view.map(kind)), dice.a) ?? "");
    const change = pick(changes, dice.d);
    return record && change && update(kind, record, change(dice, view), dice.d >> 3);
  };

const seenBelow = (view: ProjectState, root: string, n: number): { seen?: { tasks: string[]; dependencies: string[]; assignments: string[] } } => {
  if (n % 3 === 0) return {};
  const tasks = view.descendants(root);
  const all = [root, ...tasks];
  return {
    seen: {
      tasks: n % 5 === 0 ? tasks.slice(1) : tasks,
      dependencies: all.flatMap((id) => [...view.successors.of(id), ...view.predecessors.of(id)]),
      assignments: all.flatMap((id) => [...view.assignmentsOfTask.of(id)]),
    },
  };
};

const removing =
  (kind: Collection): Action =>
  (view, { a, b }) => {
    const id = pick(keys(view.map(kind)), a);
    return id === undefined ? undefined : { [kind]: { removed: [{ id, ...(kind === "tasks" ? seenBelow(view, id, b) : {}) }] } };
  };

const newTask = (id: string, parentId: string | null, more: Registers = {}): { readonly id: string } & Registers => ({
  id,
  name: id,
  parentId,
  duration: 1,
  ...more,
});

const addRows: Action = (view, { a, b, c, d }, fresh) => {
  const parent = pick([...keys(view.tasks), null], a) ?? null;
  const siblings = view.children.of(parent);
  const at = b % (siblings.length + 1);
  const key = (i: number): string | null => view.tasks.get(siblings[i] ?? "")?.orderKey ?? null;
  const count = 1 + (c % 3);
  const block = d % 2 ? orderKeyBlock(key(at - 1), key(at), count, String(d % 3)) : orderKeysBetween(key(at - 1), key(at), count);
  return { tasks: { added: block.map((orderKey) => newTask(fresh("tasks"), parent, d % 5 === 0 ? {} : { orderKey })) } };
};

/** A task with a child, a link, an assignment and a comment, as one action. */
const addBranch: Action = (view, { a, b }, fresh) => {
  const [top, child] = [fresh("tasks"), fresh("tasks")];
  const other = pick(keys(view.tasks), a);
  const resource = pick(keys(view.resources), b);
  return {
    tasks: { added: [newTask(child, top), newTask(top, pick([other ?? null, null], b) ?? null)] },
    ...(other === undefined ? {} : { dependencies: { added: [{ id: fresh("dependencies"), fromTask: child, toTask: other, type: b % 4 }] } }),
    ...(resource === undefined ? {} : { assignments: { added: [{ id: fresh("assignments"), event: child, resource, units: 50 }] } }),
    comments: { added: [{ id: fresh("comments"), task: child, text: "new" }] },
  };
};

const addLink: Action = (view, { a, b, c, d }, fresh) => {
  const [fromTask, toTask] = [pick(keys(view.tasks), a), pick(keys(view.tasks), b)];
  if (fromTask === undefined || toTask === undefined) return undefined;
  return { dependencies: { added: [{ id: fresh("dependencies"), fromTask, toTask, ...(c % 3 ? { type: c % 4 } : {}), ...(d % 3 ? {} : { lag: d % 5 }) }] } };
};

const addAssignment: Action = (view, { a, b, c }, fresh) => {
  const [event, resource] = [pick(keys(view.tasks), a), pick(keys(view.resources), b)];
  if (event === undefined || resource === undefined) return undefined;
  return { assignments: { added: [{ id: fresh("assignments"), event, resource, ...(c % 2 ? { units: 10 * (c % 11) } : {}) }] } };
};

const addCalendar: Action = (view, { a, b, c }, fresh) => ({
  calendars: {
    added: [
      {
        id: fresh("calendars"),
        name: "K",
        parentId: pick([...keys(view.calendars), null], a) ?? null,
        ...(b % 2 ? { unspecifiedTimeIsWorking: false } : {}),
        ...(c % 2 ? { intervals: [{ id: "i1", ...night }] as Json } : {}),
      },
    ],
  },
});

const addComment: Action = (view, { a, b }, fresh) => {
  const task = pick(keys(view.tasks), a);
  const parent = pick([...view.commentsOfTask.of(task ?? ""), null], b) ?? null;
  return task === undefined ? undefined : { comments: { added: [{ id: fresh("comments"), task, text: "t", ...(parent === null ? {} : { parent }) }] } };
};

/** Several parents' children at once, as indenting a selection does. */
const moveTwo: Action = (view, { a, b, c, d }) => {
  const [x, y, under] = [pick(keys(view.tasks), a), pick(keys(view.tasks), b), pick([...keys(view.tasks), null], c) ?? null];
  const move = (id: string | undefined) => {
    const task = view.tasks.get(id ?? "");
    return task && (update("tasks", task, { parentId: under }, d).tasks?.updated?.[0] as { id: string; changes: Registers });
  };
  const moves = [move(x), x === y ? undefined : move(y)].flatMap((one) => (one ? [one] : []));
  return moves.length > 0 ? { tasks: { updated: moves } } : undefined;
};

/** Replaces a link by one of another type, as changing its direction or ends does. */
const replaceLink: Action = (view, { a, b }, fresh) => {
  const link = view.dependencies.get(pick(keys(view.dependencies), a) ?? "");
  if (!link) return undefined;
  const [fromTask, toTask] = b % 2 ? [link.fromTask, link.toTask] : [link.toTask, link.fromTask];
  return { dependencies: { added: [{ id: fresh("dependencies"), fromTask, toTask, type: b % 4 }], removed: [{ id: link.id }] } };
};

const removeRowsAndRescue: Action = (view, { a, b, c }) => {
  const [x, y] = [pick(keys(view.tasks), a), pick(keys(view.tasks), b)];
  if (x === undefined || y === undefined || x === y) return undefined;
  return {
    tasks: {
      removed: [
        { id: x, ...seenBelow(view, x, c) },
        { id: y, ...seenBelow(view, y, c) },
      ],
    },
  };
};

/** Input that no honest client sends. */
const nonsense: Action = (view, { a, b }) => {
  const task = pick(keys(view.tasks), b) ?? "x";
  const wrong: unknown[] = [
    { tasks: { updated: [{ id: "never", changes: { name: "x" } }] } },
    { tasks: { updated: [{ id: task, changes: { parentId: "never" } }] } },
    { tasks: { updated: [{ id: task, changes: { parentId: task } }] } },
    { tasks: { updated: [{ id: task, changes: { orderKey: null } }] } },
    { tasks: { updated: [{ id: task, changes: { orderKey: null, parentId: null } }] } },
    { tasks: { added: [{ id: task }] } },
    { tasks: { added: [{ id: "loop", parentId: "loop" }] } },
    {
      tasks: {
        updated: [
          { id: task, changes: { name: "1" } },
          { id: task, changes: { name: "2" } },
        ],
      },
    },
    { tasks: { added: [{ id: "twice" }, { id: "twice", name: "2" }] } },
    { tasks: { added: [{ id: "brief" }], updated: [{ id: "brief", changes: { name: "B" } }], removed: [{ id: "brief" }] } },
    { dependencies: { added: [{ id: "l1" }] } },
    { dependencies: { added: [{ id: "l2", fromTask: task, toTask: task }] } },
    { dependencies: { added: [{ id: "l3", fromTask: task, toTask: "never" }] } },
    { assignments: { added: [{ id: "a1" }] } },
    { assignments: { added: [{ id: "a2", event: task, resource: "never" }] } },
    { comments: { added: [{ id: "c1", text: "x" }] } },
    { comments: { added: [{ id: "c2", task, parent: "never" }] } },
    { calendars: { added: [{ id: "k1", parentId: "k1" }] } },
    { calendars: { updated: [{ id: "k1", changes: { "intervals.x": { startDate: "bad" } } }] } },
    { project: { updated: [{ id: "never", changes: { name: "x" } }] } },
    { project: { updated: [{ id: view.project.id, changes: { calendar: "never" } }] } },
    { tasks: { updated: [{ id: task, changes: { segments: [{ id: "s", offset: 0, duration: 1 }] } }] } },
    { tasks: { removed: [{ id: "never" }], updated: [{ id: task, changes: { calendar: "never" } }] } },
    null,
    { tasks: 1 },
  ];
  return pick(wrong, a) as Changeset;
};

export const actions: readonly Action[] = [
  editing("tasks", taskChanges),
  editing("tasks", taskChanges),
  editing("tasks", taskChanges),
  editing("dependencies", linkChanges),
  editing("resources", resourceChanges),
  editing("calendars", calendarChanges),
  editing("assignments", [({ b }) => ({ units: pick([10, 100, null], b) })]),
  editing("comments", [({ b }) => ({ text: `t${b % 3}` }), ({ b }) => ({ resolved: b % 2 === 0 })]),
  (view, dice) => update("project", view.project, (pick(projectChanges, dice.d) as Change)(dice, view), dice.d >> 3),
  removing("tasks"),
  removing("tasks"),
  removing("dependencies"),
  removing("resources"),
  removing("assignments"),
  removing("calendars"),
  removing("comments"),
  addRows,
  addRows,
  addBranch,
  addLink,
  addLink,
  addAssignment,
  addCalendar,
  addComment,
  (_, { a }, fresh) => ({ resources: { added: [{ id: fresh("resources"), name: `R${a % 3}` }] } }),
  moveTwo,
  replaceLink,
  removeRowsAndRescue,
  nonsense,
];

/** Two actions of one person as one changeset (a group edit); the second is chosen on the same view. */
export function together(x: Changeset | undefined, y: Changeset | undefined): Changeset | undefined {
  if (!x || !y) return x ?? y;
  const out: Record<string, Record<string, unknown[]>> = {};
  for (const part of [x, y])
    for (const [kind, changes] of Object.entries(part))
      for (const [action, list] of Object.entries((changes ?? {}) as Record<string, unknown[]>)) {
        if (!Array.isArray(list)) continue;
        out[kind] = { ...out[kind], [action]: [...(out[kind]?.[action] ?? []), ...list] };
      }
  return out as Changeset;
}
