"use client";
import { type LiveProject, openProject } from "@livegantt/client";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const LiveContext = createContext<LiveProject | null>(null);

export interface ProjectProviderProps {
  /** Address of the server, e.g. `https://plans.example.com`. */
  readonly url: string;
  readonly project: string;
  readonly user: { readonly name: string; readonly avatar?: string };
  readonly token?: string;
  /** Token of a share link, in place of an access token. */
  readonly link?: string;
  readonly children: ReactNode;
}

/**
 * Opens the project while mounted and closes it after. On the server and until the first effect ran there is no project: hooks then give empty values.
 * StrictMode mounts twice: each mount opens a project of its own and the clean-up destroys it.
 */
export function ProjectProvider({ url, project, user, token, link, children }: ProjectProviderProps): ReactNode {
  const [live, setLive] = useState<LiveProject | null>(null);
  const { name, avatar } = user;
  useEffect(() => {
    const opened = openProject({ url, project, user: { name, ...(avatar ? { avatar } : {}) }, ...(token ? { token } : {}), ...(link ? { link } : {}) });
    setLive(opened);
    return () => {
      setLive(null);
      opened.destroy();
    };
  }, [url, project, name, avatar, token, link]);
  return <LiveProvider live={live}>{children}</LiveProvider>;
}

/** For a project that the page opened itself: the provider neither opens nor destroys it. */
export function LiveProvider({ live, children }: { readonly live: LiveProject | null; readonly children: ReactNode }): ReactNode {
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

/** The project around, `null` until it is open. */
export const useLive = (): LiveProject | null => useContext(LiveContext);
