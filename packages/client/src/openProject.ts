import type { LiveProject } from "./api.ts";
import { defaultEnvironment } from "./edge/default.ts";
import type { Environment } from "./environment.ts";
import { Live } from "./live.ts";
import type { OpenProjectOptions } from "./options.ts";

/**
 * Opens a project for living in: the plan, kept in step with the server and everybody on it, editable at once, also offline.
 * Works in a page, in a worker and in Node ≥ 20. The handle is there at once; `ready()` says when the plan is. `destroy()` it in the end.
 */
export function openProject(options: OpenProjectOptions): LiveProject {
  const world = defaultEnvironment();
  const { WebSocket } = options;
  const env: Environment = {
    ...world,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.random ? { random: options.random } : {}),
    ...(WebSocket ? { webSocket: () => WebSocket } : {}),
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.locks ? { locks: options.locks } : {}),
    ...(options.connectivity ? { connectivity: options.connectivity } : {}),
    ...(options.tab ? { tab: options.tab } : {}),
    ...(options.page ? { page: options.page } : {}),
  };
  return new Live(options, env);
}
