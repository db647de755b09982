import { type Applied, applyChangeset, applyNormalised, type Changeset, invertChangeset, type Outcome, type ProjectState, sameValue } from "@livegantt/core";
import { changesetOf, footprint, operations, recordKey, siblingKey } from "./operations.ts";
import type { TouchedSet } from "./touched.ts";

/** Whose edits these are. */
export interface ReplicaAuthor {
  readonly clientId: string;
  readonly name: string;
}

/** One action of this person. */
export interface PersonalEdit {
  /** Place in the order in which the person did things. */
  readonly seq: number;
  readonly payload: Changeset;
  /** ISO time when it was made. */
  readonly madeAt: string;
  /** Computed starts, as the author saw them, of tasks that this makes manual. */
  readonly starts?: ReadonlyMap<string, string>;
}

/** What really happened to an own edit: the changeset as it was applied, and the one that takes it back. */
export interface Settled {
  readonly forward: Changeset;
  readonly inverse: Changeset;
}

/** An edit that the server has not answered, as it lies over the server's plan. */
interface PendingEdit {
  edit: PersonalEdit;
  /** The journal: reverts it. Absent while the edit does not fit the plan; then it is hidden until the server answers. */
  applied: Applied | undefined;
  keys: ReadonlySet<string>;
}

/**
 * Own edits on top of a project, each with the journal that takes it back.
 * Invariant: reverting all journals, newest first, leaves the server's plan; re-applying them in order gives the view.
 */
export class OptimisticUpdateManager {
  readonly #author: ReplicaAuthor;
  #state: ProjectState;
  readonly #pending: PendingEdit[] = [];
  /** How many pending edits touch a key: tells in O(1) whether a remote change meets one. */
  readonly #keys = new Map<string, number>();
  #hidden = 0;

  constructor(state: ProjectState, author: ReplicaAuthor) {
    this.#state = state;
    this.#author = author;
  }

  get(seq: number): { readonly edit: PersonalEdit; readonly applied: Applied | undefined } | undefined {
    return this.#pending[this.#indexOf(seq)];
  }

  /** Lays an edit on top. A conflict or a rejection by the laws leaves everything as it was. */
  applyOptimistic(edit: PersonalEdit, touched: TouchedSet): Outcome {
    const outcome = this.#apply(edit);
    if (isApplied(outcome)) {
      const pending: PendingEdit = { edit, applied: undefined, keys: new Set() };
      this.#pending.push(pending);
      this.#note(pending, outcome);
      touched.add(outcome.touched);
    }
    return outcome;
  }

  /** Lays an edit in at its place in the order, also where it does not fit. */
  insert(edit: PersonalEdit, touched: TouchedSet): void {
    const pending: PendingEdit = { edit, applied: undefined, keys: new Set() };
    const after = this.#pending.findIndex((other) => other.edit.seq > edit.seq);
    const index = after < 0 ? this.#pending.length : after;
    this.lift(touched, index);
    this.#pending.splice(index, 0, pending);
    this.lower(touched, index);
  }

  /** Replaces what an edit says, or takes it away; the ones above it are laid anew. */
  replace(seq: number, payload: Changeset | undefined, touched: TouchedSet): void {
    const index = this.#indexOf(seq);
    const pending = this.#pending[index];
    if (!pending) return;
    this.lift(touched, index);
    if (payload) pending.edit = { ...pending.edit, payload };
    else this.#pending.splice(index, 1);
    this.lower(touched, index);
  }

  /** The oldest edit became the server's plan as it stands: its journal is forgotten. False where it has to be applied as the server says. */
  confirm(seq: number): boolean {
    const pending = this.#pending[0];
    if (pending?.edit.seq !== seq || !pending.applied || pending.applied.differs) return false;
    this.#forget(pending);
    this.#pending.shift();
    return true;
  }

  /** Takes a lifted edit out of the order. */
  withdraw(seq: number): PersonalEdit | undefined {
    const index = this.#indexOf(seq);
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]?.edit;
  }

  /** Makes an edit part of the server's plan while those that meet it are lifted: the same rules on the same plan give what the server got. */
  perform(edit: PersonalEdit, touched: TouchedSet): Settled {
    const outcome = this.#apply(edit);
    if (isApplied(outcome)) {
      touched.add(outcome.touched);
      return { forward: outcome.normalised, inverse: outcome.inverse };
    }
    // Some laws ask what the author had seen, which only the server knows (catalogue row 36): it took the edit as it was sent.
    const forward = withoutEchoes(edit.payload, this.#state);
    const inverse = invertChangeset(this.#state, forward);
    touched.add(applyNormalised(this.#state, forward).touched);
    return { forward, inverse };
  }

  /** True where a change of the server's plan can go under the pending edits without touching any of them. */
  passes(keys: ReadonlySet<string>): boolean {
    if (this.#hidden > 0) return false;
    for (const key of keys) if (this.#keys.has(key)) return false;
    return true;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Takes back, newest first, the edits that meet one of these keys, those named, and all that stand on an edit so taken back; others have no record in common
   * with them, so that their journals stay true. Answers how to lay them on again, without those that were withdrawn meanwhile.
   */
  liftMeeting(keys: Set<string>, named: ReadonlySet<number>, touched: TouchedSet): () => void {
    const met: PendingEdit[] = [];
    // What is named becomes part of the plan beneath all others, also beneath older ones that share a record with it.
    for (const { edit, keys: own } of this.#pending) if (named.has(edit.seq)) for (const key of own) keys.add(key);
    for (const pending of this.#pending) {
      if (this.#hidden === 0 && !named.has(pending.edit.seq) && !meets(pending.keys, keys)) continue;
      met.push(pending);
      for (const key of pending.keys) keys.add(key);
    }
    const { revision } = this.#state;
    for (let i = met.length - 1; i >= 0; i--) this.#takeBack(met[i] as PendingEdit, touched);
    this.#state.revision = revision;
    return () => {
      for (const pending of met) if (this.#pending.includes(pending)) this.#lay(pending, touched);
    };
  }

  /** Takes the edits from `index` on back, newest first. */
  lift(touched: TouchedSet, index = 0): void {
    // A journal also restores the revision it was written at; the server's plan has moved on beneath it.
    const { revision } = this.#state;
    for (let i = this.#pending.length - 1; i >= index; i--) this.#takeBack(this.#pending[i] as PendingEdit, touched);
    this.#state.revision = revision;
  }

  /** Lays the edits from `index` on again, in order. */
  lower(touched: TouchedSet, index = 0): void {
    for (let i = index; i < this.#pending.length; i++) this.#lay(this.#pending[i] as PendingEdit, touched);
  }

  /** Lays all edits over another state. The old one is left as it is. */
  moveTo(state: ProjectState, touched: TouchedSet): void {
    for (const pending of this.#pending) this.#forget(pending);
    this.#state = state;
    this.lower(touched);
  }

  #takeBack(pending: PendingEdit, touched: TouchedSet): void {
    if (pending.applied) {
      touched.add(pending.applied.touched);
      pending.applied.revert();
    }
    this.#forget(pending);
  }

  #apply({ payload, madeAt, starts }: PersonalEdit): Outcome {
    const { clientId, name } = this.#author;
    const submission = { clientId, revision: 0, baseRevision: this.#state.revision, payload, author: { name }, madeAt };
    return applyChangeset(this.#state, submission, starts ? { startOf: (task) => starts.get(task) } : {});
  }

  #lay(pending: PendingEdit, touched: TouchedSet): void {
    const outcome = this.#apply(pending.edit);
    if (!isApplied(outcome)) {
      this.#hidden++;
      return;
    }
    this.#note(pending, outcome);
    touched.add(outcome.touched);
  }

  #note(pending: PendingEdit, applied: Applied): void {
    const keys = footprint(pending.edit.payload);
    for (const [kind, ids] of applied.touched) for (const id of ids) keys.add(recordKey(kind, id));
    for (const id of applied.touched.get("tasks") ?? []) {
      const orderKey = this.#state.tasks.get(id)?.orderKey;
      if (orderKey != null) keys.add(siblingKey(orderKey));
    }
    for (const key of keys) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    pending.applied = applied;
    pending.keys = keys;
  }

  #forget(pending: PendingEdit): void {
    if (!pending.applied) this.#hidden--;
    for (const key of pending.keys) {
      const left = (this.#keys.get(key) ?? 1) - 1;
      if (left > 0) this.#keys.set(key, left);
      else this.#keys.delete(key);
    }
    pending.applied = undefined;
    pending.keys = new Set();
  }

  #indexOf(seq: number): number {
    return this.#pending.findIndex(({ edit }) => edit.seq === seq);
  }
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

/** A field that means what stands there already keeps its form, as on the server. */
function withoutEchoes(payload: Changeset, state: ProjectState): Changeset {
  return changesetOf(
    [...operations(payload)].map((operation) => {
      if (operation.verb !== "updated") return operation;
      const { kind, id, line } = operation;
      const record = state.get(kind, id);
      const changes = Object.fromEntries(Object.entries(line.changes).filter(([field, value]) => !sameValue(kind, field, value, record?.[field])));
      return { ...operation, line: { id, changes } };
    }),
  );
}

export const isApplied = (outcome: Outcome): outcome is Applied => outcome.outcome === "applied" || outcome.outcome === "merged";
