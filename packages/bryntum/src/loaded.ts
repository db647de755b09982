import type { OpenProjectOptions } from "@livegantt/client";
import { projectFromJSON, projectToJSON, type Snapshot } from "@livegantt/core";
import { listen } from "./listen.ts";
import { msPerMinute } from "./segments.ts";
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
  const loaded = new Promise<LoadedPlan | undefined>((resolve) => {
    const off = listen(project, {
      // Before Bryntum makes its own of the rows.
      beforeLoadApply: (event: LoadEvent) => resolve(planOf(event.response)),
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
      const plan = await loaded;
      if (plan) {
        const { epoch, snapshot } = plan;
        const etag = epoch === undefined ? null : `"${epoch}-${snapshot.revision}"`;
        return { ok: true, status: 200, headers: { get: (name) => (name.toLowerCase() === "etag" ? etag : null) }, json: async () => snapshot };
      }
      const fetch = own ?? (globalThis.fetch as unknown as Fetch | undefined);
      if (!fetch) throw new Error("There is no fetch to load the plan with.");
      return fetch(url, init);
    },
  };
}

interface LoadedPlan {
  readonly epoch: string | undefined;
  readonly snapshot: Snapshot;
}

/** The plan as the server has it, if the response is one that this product wrote. Bryntum has not touched it yet. */
export function planOf(response: unknown): LoadedPlan | undefined {
  // A plan without its comments, or without a revision, is not the whole project: what is left out here would be missing until the next full sync.
  if (!isRow(response) || !isRow(response.tasks) || !("comments" in response) || typeof response.revision !== "number") return undefined;
  try {
    const snapshot = projectToJSON(projectFromJSON({ ...response, tasks: rowsForPlan(response.tasks.rows) }));
    return { epoch: typeof response.epoch === "string" ? response.epoch : undefined, snapshot };
  } catch {
    return undefined;
  }
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null;
const rows = (value: unknown): readonly Row[] => (Array.isArray(value) ? value.filter(isRow) : []);

/** Segments and baselines as the plan has them, in task rows that are nested by `children`. */
function rowsForPlan(given: unknown): Row[] {
  return rows(given).map(({ children, segments, baselines, ...task }) => ({
    ...task,
    ...(children ? { children: rowsForPlan(children) } : {}),
    ...(segments ? { segments: rows(segments).map(segmentForPlan) } : {}),
    ...(baselines ? { baselines: rows(baselines).map((baseline) => (baseline.unset === true ? null : baseline)) } : {}),
  }));
}

function segmentForPlan({ id, startOffset, endOffset }: Row): Row {
  const offset = Number(startOffset) / msPerMinute;
  return { id, offset, duration: Number(endOffset) / msPerMinute - offset };
}
