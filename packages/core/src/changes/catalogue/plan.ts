import type { Collection } from "../../model/collections.ts";
import type { Json } from "../../model/json.ts";
import type { Changeset, Registers } from "../changeset.ts";

type Fields = { readonly [field: string]: Json };
/** Records by id: their fields (`null`: not set), or `null` for a record that is not there. */
export type Fragment = { readonly [K in Collection]?: { readonly [id: string]: Fields | null } } & { readonly project?: Fields };

/** Decided by the server at its revision, from the dates that it computes there. */
export type Command = { readonly command: "captureBaseline"; readonly index: number } | { readonly command: "level" };
/** Takes back the nth step of the pair's history. */
export interface Undo {
  readonly undo: number;
}

export interface Side {
  readonly does: string;
  readonly sends: Changeset | Command | Undo;
  /** Whoever repeats A's changeset is A. */
  readonly again?: true;
}

export interface Ending {
  /** The answer to each changeset in the order of arrival, with what people are told: `merged, rescued n`. `nothing`: already so, no revision is made. */
  readonly answers: readonly string[];
  /** What differs from the given plan at the end; everything else is as given. Order keys are left to `order`. */
  readonly plan: Fragment;
  /** Children in order, by parent (`""`: the top level). */
  readonly order?: { readonly [parent: string]: readonly string[] };
  /** What the schedule lists: `kind task`. */
  readonly violations?: readonly string[];
  /** Computed starts. */
  readonly starts?: { readonly [task: string]: string };
}

/** Two people (or three) who have seen the same plan and nothing of each other. */
export interface Pair {
  readonly row: number;
  readonly a: Side;
  readonly b: Side;
  readonly c?: Side;
  /** What the plan has beside the common one. */
  readonly given?: Fragment;
  /** What A did before, seen by everybody. */
  readonly history?: readonly Changeset[];
  /** A's changeset is first, then B's, then C's. */
  readonly ab: Ending;
  /** The other way round. */
  readonly ba: Ending;
  readonly because: string;
}

const task = (name: string, parentId: string | null, orderKey: string, more: Fields = {}): Fields => ({
  name,
  ...(parentId === null ? {} : { parentId }),
  orderKey,
  ...more,
});

/** P(X, Y, W), Z, SA(A1), SB(B1, B2), Q(Q1): no links; a resource; time passes round the clock, a day of duration has 8 hours. */
export const commonPlan: Fragment = {
  project: { id: "house", name: "House", startDate: "2026-03-02T08:00:00", hoursPerDay: 8, timeZone: "Europe/Berlin" },
  tasks: {
    p: task("P", null, "a0"),
    x: task("X", "p", "a0", { duration: 2, durationUnit: "day" }),
    y: task("Y", "p", "a1"),
    w: task("W", "p", "a2"),
    z: task("Z", null, "a1"),
    sa: task("SA", null, "a2"),
    a1: task("A1", "sa", "a0"),
    sb: task("SB", null, "a3"),
    b1: task("B1", "sb", "a0"),
    b2: task("B2", "sb", "a1"),
    q: task("Q", null, "a4"),
    q1: task("Q1", "q", "a0"),
  },
  resources: { r: { name: "Rita" } },
};

export const update = (id: string, changes: Registers, was: Registers): Changeset => ({ tasks: { updated: [{ id, changes, was }] } });
/** Removes a task whose author saw these go with it. */
export const remove = (id: string, seen: readonly string[] = [], links: readonly string[] = []): Changeset => ({
  tasks: { removed: [{ id, seen: { tasks: seen, dependencies: links, assignments: [] } }] },
});
export const rows = (...added: readonly ({ readonly id: string } & Registers)[]): Changeset => ({ tasks: { added } });
export const link = (id: string, fromTask: string, toTask: string, more: Registers = {}): Changeset => ({
  dependencies: { added: [{ id, fromTask, toTask, ...more }] },
});
export const move = (id: string, from: string | null, to: string | null, key: string, newKey: string): Changeset =>
  update(id, { parentId: to, orderKey: newKey }, { parentId: from, orderKey: key });
