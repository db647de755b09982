"use client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";

/** A name that somebody gave to a revision. */
export interface NamedVersion {
  readonly revision: number;
  readonly name: string;
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
}

export interface Versions {
  /** Newest revision first. */
  readonly versions: readonly NamedVersion[];
  readonly failed: boolean;
  /** Names what is on the server now. Own edits that are on their way are waited for. @throws ClientError */
  name(name: string): Promise<NamedVersion>;
  /** Makes the plan of a revision the newest one. @throws ClientError */
  restore(revision: number): Promise<void>;
}

/** Named versions of the project around. */
export function useVersions(): Versions {
  const live = useLive();
  const [versions, setVersions] = useState<readonly NamedVersion[]>([]);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    if (!live) return;
    let current = true;
    live
      .request<{ readonly versions: readonly NamedVersion[] }>("GET", "/versions")
      .then((answer) => current && setVersions(answer.versions))
      .catch(() => current && setFailed(true));
    return () => {
      current = false;
    };
  }, [live]);

  const name = useCallback(
    async (text: string): Promise<NamedVersion> => {
      if (!live) throw new Error("There is no project yet.");
      await live.saved();
      const made = await live.request<NamedVersion>("POST", "/versions", { name: text, author: live.user.name });
      const isIt = (version: NamedVersion): boolean => version.revision === made.revision && version.name === made.name;
      setVersions((before) => [made, ...before.filter((version) => !isIt(version))].sort((a, b) => b.revision - a.revision));
      return made;
    },
    [live],
  );
  const restore = useCallback(
    async (revision: number): Promise<void> => {
      await live?.saved();
      await live?.request("POST", `/revisions/${revision}/restore`, { author: live.user.name });
    },
    [live],
  );
  return useMemo(() => ({ versions, failed, name, restore }), [versions, failed, name, restore]);
}
