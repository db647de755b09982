import type { FetchLike } from "./environment.ts";
import { ClientError, type ErrorAction } from "./errors.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly signal: AbortSignal;
}

interface Refusal {
  readonly error?: {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly action?: ErrorAction;
    readonly path?: unknown;
    readonly retryAfterMs?: unknown;
  };
}

/** Asks the server for JSON. @throws ClientError with the server's code and action, or `unreachable`. */
export async function askServer<T>(fetch: FetchLike | undefined, { method, url, token, body, signal }: HttpRequest): Promise<T> {
  if (!fetch) throw new ClientError("no_fetch", "fix", "This runtime has no fetch. Pass the option `fetch`.");
  const headers = {
    accept: "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  let answer: Awaited<ReturnType<FetchLike>>;
  try {
    answer = await fetch(url, { method, headers, credentials: "same-origin", signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch (cause) {
    throw new ClientError("unreachable", "retry", "The server does not answer. Check the connection and try again.", {}, cause);
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  throw refusalOf(answer.status, await answer.json().catch(() => undefined));
}

function refusalOf(status: number, body: unknown): ClientError {
  const { code, message, action, path, retryAfterMs } = (body as Refusal | undefined)?.error ?? {};
  // Not ours: a proxy's page, or nothing.
  if (typeof code !== "string" || typeof message !== "string" || action === undefined)
    return new ClientError("http_error", status >= 500 ? "retry" : "fix", `The server answered with status ${status}.`, { status });
  return new ClientError(code, action, message, {
    status,
    ...(typeof path === "string" ? { path } : {}),
    ...(typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
  });
}
