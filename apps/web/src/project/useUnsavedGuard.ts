import type { LiveProject } from "@livegantt/client";
import { useEffect } from "react";

/** Asks before the page is left while an edit is on its way: it is kept on this device, but the others do not have it yet. */
export function useUnsavedGuard(live: LiveProject): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (live.pendingCount > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [live]);
}
