import { applyNormalised, type Changeset, invertChangeset, type Outcome, type ProjectState, projectToJSON, type Snapshot, type Touched } from "@livegantt/core";
import { footprint } from "./operations.ts";
import { OptimisticUpdateManager, type PersonalEdit, type ReplicaAuthor, type Settled } from "./optimistic.ts";
import { TouchedSet } from "./touched.ts";

/** One revision of the server, in order. `own` names the pending edit that it answers; without a `payload` the server did exactly what that one says. */
export type RevisionStep = { readonly revision: number } & (
  | { readonly payload: Changeset; readonly own?: number }
  | { readonly payload?: undefined; readonly own: number }
);

/**
 * One project as this person sees it: the server's plan with the own pending edits on top, in one state. No I/O, no clock.
 * A remote change that meets no pending edit costs O(change); one that does lifts the pending ones off and lays them on again.
 */
export class Replica {
  #state: ProjectState;
  readonly #overlay: OptimisticUpdateManager;
  readonly #touched = new TouchedSet();

  constructor(state: ProjectState, author: ReplicaAuthor) {
    this.#state = state;
    this.#overlay = new OptimisticUpdateManager(state, author);
  }

  get state(): ProjectState {
    return this.#state;
  }

  /** Server revision that the view stands on. */
  get revision(): number {
    return this.#state.revision;
  }

  /** Lays an own edit on top, where the laws allow it. */
  push(edit: PersonalEdit): Outcome {
    return this.#overlay.applyOptimistic(edit, this.#touched);
  }

  /** Lays an own edit in at its place in the order, also where it does not fit. */
  insert(edit: PersonalEdit): void {
    this.#overlay.insert(edit, this.#touched);
  }

  /** Says an own edit anew (a shorter rest, a longer coalesced one), or takes it away. */
  replace(seq: number, payload: Changeset | undefined): void {
    this.#overlay.replace(seq, payload, this.#touched);
  }

  isHidden(seq: number): boolean {
    const pending = this.#overlay.get(seq);
    return pending !== undefined && pending.applied === undefined;
  }

  /** How a pending edit stands in the view now; undefined while it is hidden. */
  pendingAs(seq: number): Settled | undefined {
    const applied = this.#overlay.get(seq)?.applied;
    return applied && { forward: applied.normalised, inverse: applied.inverse };
  }

  /** Somebody else's change. */
  remote(revision: number, payload: Changeset): void {
    if (this.#overlay.isEmpty || this.#overlay.passes(footprint(payload))) this.#touched.add(applyNormalised(this.#state, payload).touched);
    else this.steps([{ revision, payload }]);
    this.#state.revision = revision;
  }

  /** The server applied an own edit. `normalised` where it did something else than what was sent. */
  settle(seq: number, revision: number, normalised: Changeset | undefined): Settled | undefined {
    const as = this.pendingAs(seq);
    if (!normalised && this.#overlay.confirm(seq)) {
      this.#state.revision = revision;
      return as;
    }
    return this.steps([normalised ? { revision, payload: normalised, own: seq } : { revision, own: seq }]).get(seq);
  }

  /** Several revisions at once: the pending edits that they meet are lifted once. */
  steps(list: readonly RevisionStep[]): Map<number, Settled> {
    const settled = new Map<number, Settled>();
    const keys = new Set<string>();
    const named = new Set<number>();
    for (const { payload, own } of list) {
      if (own !== undefined) named.add(own);
      if (payload && !this.#overlay.isEmpty) for (const key of footprint(payload)) keys.add(key);
    }
    const lower = this.#overlay.liftMeeting(keys, named, this.#touched);
    for (const { revision, payload, own } of list) {
      const edit = own === undefined ? undefined : this.#overlay.withdraw(own);
      if (own !== undefined && payload) settled.set(own, { forward: payload, inverse: invertChangeset(this.#state, payload) });
      if (payload) this.#touched.add(applyNormalised(this.#state, payload).touched);
      else if (own !== undefined && edit) settled.set(own, this.#overlay.perform(edit, this.#touched));
      this.#state.revision = revision;
    }
    lower();
    return settled;
  }

  /** A full sync: another state of the server's plan under the same pending edits. */
  load(state: ProjectState): void {
    this.#state = state;
    this.#overlay.moveTo(state, this.#touched);
  }

  /** The server's plan without the pending edits. O(plan). */
  serverSnapshot(): Snapshot {
    this.#overlay.lift(this.#touched);
    const snapshot = projectToJSON(this.#state);
    this.#overlay.lower(this.#touched);
    return snapshot;
  }

  /** Records touched since the last call. */
  takeTouched(): Touched {
    return this.#touched.take();
  }
}
