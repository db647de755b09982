import type { Conflict } from "@livegantt/core";

/** What the caller can do about an error: the server's words. */
export type ErrorAction = "retry" | "backoff" | "fix" | "reauth" | "upgrade" | "fatal";

export interface ClientErrorData {
  /** Place in the changeset, e.g. `tasks.updated[0].changes.duration`. */
  readonly path?: string;
  /** What stands against an edit that a law forbids. */
  readonly conflicts?: readonly Conflict[];
  readonly retryAfterMs?: number;
  readonly closeCode?: number;
  readonly [key: string]: unknown;
}

/** The one error of this package: a stable code, what to do, and what it is about. */
export class ClientError extends Error {
  readonly code: string;
  readonly action: ErrorAction;
  readonly data: ClientErrorData;

  constructor(code: string, action: ErrorAction, message: string, data: ClientErrorData = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ClientError";
    this.code = code;
    this.action = action;
    this.data = data;
  }
}

/** What `send` rejects with where somebody else was first. */
export interface SendConflict {
  readonly type: "conflict";
  readonly conflictData: { readonly conflicts: readonly Conflict[]; readonly currentState: object };
}
