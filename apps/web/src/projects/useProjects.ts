import { useCallback, useEffect, useState } from "react";
import { listProjects, type ProjectItem } from "./projectsApi.ts";

export interface Projects {
  /** `undefined` until the first answer. */
  readonly items: readonly ProjectItem[] | undefined;
  readonly error: string | undefined;
  reload(): Promise<void>;
}

const refreshMs = 20_000;

/** The list, read again when the page comes back into view and now and then while it is looked at. */
export function useProjects(): Projects {
  const [items, setItems] = useState<readonly ProjectItem[]>();
  const [error, setError] = useState<string>();
  const reload = useCallback(async () => {
    try {
      setItems(await listProjects());
      setError(undefined);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }, []);
  useEffect(() => {
    void reload();
    const look = (): void => {
      if (document.visibilityState === "visible") void reload();
    };
    const timer = setInterval(look, refreshMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [reload]);
  return { items, error, reload };
}
