/** What the other side must do about an error, the same words on socket and HTTP. */
export type Action = "retry" | "backoff" | "fix" | "reauth" | "upgrade" | "fatal";

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly action: Action;
  readonly path?: string;
  readonly retryAfterMs?: number;
  /** Every reason why a plan was refused. */
  readonly problems?: readonly { readonly code: string; readonly message: string; readonly path?: string }[];
}

interface Extras {
  readonly status?: number;
  readonly path?: string;
  readonly retryAfterMs?: number;
  readonly problems?: ErrorBody["problems"];
  readonly cause?: unknown;
}

/** HTTP status of each action where an error names none of its own. */
const statusOf: Record<Action, number> = { retry: 503, backoff: 429, fix: 400, reauth: 401, upgrade: 426, fatal: 403 };

/** The one error of this package that callers are meant to see: a code, a text for people, and what to do. */
export class ServerError extends Error {
  readonly code: string;
  readonly action: Action;
  readonly status: number;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly problems: ErrorBody["problems"];

  constructor(code: string, action: Action, message: string, extras: Extras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = "ServerError";
    this.code = code;
    this.action = action;
    this.status = extras.status ?? statusOf[action];
    this.path = extras.path;
    this.retryAfterMs = extras.retryAfterMs;
    this.problems = extras.problems;
  }

  body(): ErrorBody {
    const { code, message, action, path, retryAfterMs, problems } = this;
    return { code, message, action, ...(path !== undefined && { path }), ...(retryAfterMs !== undefined && { retryAfterMs }), ...(problems && { problems }) };
  }
}

export const noSuchProject = (id: string): ServerError =>
  new ServerError("project_not_found", "fix", `There is no project "${id.slice(0, 64)}". It may have been erased, or the link is incomplete.`, { status: 404 });

export const clientTaken = (): ServerError =>
  new ServerError("client_id_taken", "fatal", "This clientId belongs to another person. Use a clientId of your own.");

export const archived = ({ name }: { readonly name: string }): ServerError =>
  new ServerError("project_archived", "fix", `The project "${name.slice(0, 80)}" is archived. Bring it back from the list of projects to work on it.`, {
    status: 404,
  });

/** W0: what is in memory no longer belongs to the log, which an operator restored or wrote anew. */
export const rewritten = (): ServerError =>
  new ServerError("project_rewritten", "retry", "The project's history was written anew. Connect again; nothing you were told is saved is lost.");

/** A write that the disk or the database did not take; nothing of it happened. */
export const storageUnavailable = (cause?: unknown, retryAfterMs = 1000): ServerError =>
  new ServerError(
    "storage_unavailable",
    "retry",
    "The server cannot write to its storage right now. Nothing was changed; reading still works. Try again shortly.",
    {
      status: 503,
      retryAfterMs,
      cause,
    },
  );
