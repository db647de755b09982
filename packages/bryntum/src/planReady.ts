import type { LiveProject } from "@livegantt/client";

/** Resolves when there is a plan. One that cannot be had now may still come: after signing in, when the server is back. */
export function planReady(live: LiveProject, detach: (() => void)[]): Promise<void> {
  return new Promise((resolve) => {
    const off = live.on("change", () => {
      off();
      resolve();
    });
    detach.push(off);
    live.ready().then(
      () => {
        off();
        resolve();
      },
      () => {},
    );
  });
}
