import type { OpenProjectOptions } from "@livegantt/client";
import { projectFromJSON, projectToJSON } from "@livegantt/core";
import { listen } from "./listen.ts";
import type { ProjectLike } from "./types.ts";

type Fetch = NonNullable<OpenProjectOptions["fetch"]>;

interface LoadEvent {
  readonly response?: unknown;
}

/**
 * Lets Bryntum load what its `loadUrl` names, and hands the same plan to the client: it is not fetched twice, and the socket greets the server with the revision that
 * was loaded, so that nothing between load and socket is missed. Where there is no such plan the client fetches its own.
 */
export function loadThroughBryntum(project: ProjectLike, own: Fetch | undefined): { readonly fetch: Fetch; stop(): void } {
  let stop = (): void => {};
  const loaded = new Promise<unknown>((resolve) => {
    const off = listen(project, {
      // Before Bryntum makes its own of the rows.
      beforeLoadApply: (event: LoadEvent) => resolve(snapshotOf(event.response)),
      loadFail: () => resolve(undefined),
      beforeDestroy: () => resolve(undefined),
    });
    stop = () => {
      off();
      resolve(undefined);
    };
  });
  const { autoLoad, crudLoaded } = project as ProjectLike & { readonly autoLoad?: boolean; readonly crudLoaded?: boolean };
  // What it loaded for an earlier manager is old by now; the plan comes from the server.
  if (crudLoaded && !project.isCrudManagerLoading) stop();
  else if (!project.isCrudManagerLoading && !autoLoad)
    Promise.resolve(project.load?.()).catch(() => {
      // `loadFail` has told: the plan comes from the server then.
    });
  return {
    stop: () => stop(),
    fetch: async (url, init) => {
      const snapshot = await loaded;
      if (snapshot) return { ok: true, status: 200, headers: { get: () => null }, json: async () => snapshot };
      const fetch = own ?? (globalThis.fetch as unknown as Fetch | undefined);
      if (!fetch) throw new Error("There is no fetch to load the plan with.");
      return fetch(url, init);
    },
  };
}

function snapshotOf(response: unknown): unknown {
  // A plan without its comments, or without a revision, is not the whole project: what is left out here would be missing until the next full sync.
  if (typeof response !== "object" || response === null || !("comments" in response) || typeof (response as { revision?: unknown }).revision !== "number")
    return undefined;
  try {
    return projectToJSON(projectFromJSON(response));
  } catch {
    return undefined;
  }
}
