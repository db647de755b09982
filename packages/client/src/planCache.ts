import { type ProjectState, projectFromSnapshot, type Snapshot } from "@livegantt/core";
import type { LiveProject } from "./api.ts";
import type { FetchLike } from "./environment.ts";
import type { MaybePromise } from "./maybePromise.ts";
import { whenDone } from "./maybePromise.ts";
import type { OutboxStorage } from "./storage/storage.ts";

type Role = LiveProject["role"];

/** The last plan of the server that this device has seen. */
export interface CachedPlan {
  readonly epoch: string;
  /** What this person was allowed to do. */
  readonly role: Role;
  readonly state: ProjectState;
}

/** The plan kept on this device (W7): the next visit starts with it, also offline, and needs only what happened since. */
export class PlanCache {
  readonly #storage: OutboxStorage;
  readonly #key: string;
  #savedRevision = -1;

  constructor(storage: OutboxStorage, scope: string, owner: string) {
    this.#storage = storage;
    this.#key = `${scope}plan/${encodeURIComponent(owner)}`;
  }

  read(): MaybePromise<CachedPlan | undefined> {
    if (!this.#storage.durable) return undefined;
    return whenDone(this.#storage.read(this.#key), (entries) => {
      const value = entries.find(([key]) => key === this.#key)?.[1] as
        | { readonly epoch?: unknown; readonly role?: Role; readonly snapshot?: Snapshot }
        | undefined;
      if (typeof value?.epoch !== "string" || typeof value.snapshot?.revision !== "number") return undefined;
      try {
        const state = projectFromSnapshot(value.snapshot);
        this.#savedRevision = state.revision;
        return { epoch: value.epoch, role: value.role ?? "viewer", state };
      } catch {
        return undefined; // a damaged copy is as good as none: the server has the plan
      }
    });
  }

  /** Keeps a plan, unless it is kept already. What cannot be kept is fetched again at the next visit. */
  save(epoch: string, role: Role, revision: number, snapshot: () => Snapshot): void {
    if (!this.#storage.durable || revision === this.#savedRevision) return;
    this.#savedRevision = revision;
    const failed = (): void => {
      this.#savedRevision = -1;
    };
    try {
      const written = this.#storage.write([[this.#key, { epoch, role, snapshot: snapshot() }]], []);
      if (written) written.catch(failed);
    } catch {
      failed();
    }
  }
}

/**
 * The plan over HTTP: compressed on the way and kept by the browser under its ETag (`"<epoch>-<revision>"`). Undefined where that does not work; the socket then
 * brings it, or says why not.
 */
export async function fetchPlan(
  fetch: FetchLike,
  url: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly epoch: string | undefined; readonly state: ProjectState } | undefined> {
  try {
    const headers: Record<string, string> = { accept: "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { headers, credentials: "same-origin", signal });
    if (!response.ok) return undefined;
    const json = (await response.json()) as Snapshot;
    if (typeof json.revision !== "number") return undefined;
    return { epoch: /^(?:W\/)?"(.+)-\d+"$/.exec(response.headers.get("etag") ?? "")?.[1], state: projectFromSnapshot(json) };
  } catch {
    return undefined;
  }
}
