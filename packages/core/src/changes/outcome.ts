import type { Snapshot } from "../model/snapshot.ts";
import type { Changeset, Conflict, Notice, Touched } from "./changeset.ts";

/** What a refused author must do: `fix` the input; nothing else can come out of the pure function. */
export interface Rejection {
  /** Stable machine-readable code, e.g. `limit_exceeded`, `invalid_value`. */
  readonly code: string;
  /** Names what, where, the limit and what to do. */
  readonly message: string;
  /** JSON path into the changeset, e.g. `tasks.updated[3].changes.duration`. */
  readonly path?: string;
}

export interface Applied {
  readonly outcome: "applied" | "merged";
  /** Every effect, spelled out: replicas apply it blindly. Empty object where nothing changed. */
  readonly normalised: Changeset;
  /** True where `normalised` differs from what was sent. */
  readonly differs: boolean;
  /** Takes the change back; its `was` is what this change wrote, so that it is guarded by K1. */
  readonly inverse: Changeset;
  readonly notices: readonly Notice[];
  readonly touched: Touched;
  /** Nothing happened: no new revision, the project stays as it was. */
  readonly empty: boolean;
  /** Takes the change back out of the project, ledger and revision included. Only for the newest change that still stands. */
  revert(): void;
}

export interface Conflicted {
  readonly outcome: "conflict";
  readonly conflicts: readonly Conflict[];
  /** Current content of the records in conflict. */
  readonly currentState: Partial<Snapshot>;
}

export interface Rejected {
  readonly outcome: "rejected";
  readonly error: Rejection;
}

export type Outcome = Applied | Conflicted | Rejected;
