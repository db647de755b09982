"use client";
import type { LiveProject } from "@livegantt/client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";

type Role = LiveProject["role"];

/** A share link as its project's admins see it. Times in ms since the epoch. */
export interface ShareLink {
  readonly id: string;
  readonly role: Role;
  readonly label: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** Told this once: nobody, the server included, knows a link's token afterwards. */
export interface NewShareLink extends ShareLink {
  readonly token: string;
}

export interface ShareWish {
  readonly role: Role;
  readonly label?: string;
  readonly expiresAt?: number;
}

export interface Sharing {
  /** Newest first, ended ones included. */
  readonly links: readonly ShareLink[];
  readonly loading: boolean;
  /** Why the links could not be read. */
  readonly failure: string | undefined;
  /** False where everybody who reaches the server may do everything anyway. */
  readonly guarded: boolean;
  /** @throws ClientError as the server refuses it. */
  create(wish: ShareWish): Promise<NewShareLink>;
  /** Whoever came by the link is sent away within seconds. @throws ClientError */
  revoke(id: string): Promise<void>;
}

export const isActive = ({ revokedAt, expiresAt }: ShareLink, now: number): boolean => revokedAt === null && (expiresAt === null || expiresAt > now);

/** Share links of the project around; its admins may ask for them. */
export function useShareLinks(): Sharing {
  const live = useLive();
  const [links, setLinks] = useState<readonly ShareLink[]>([]);
  const [guarded, setGuarded] = useState(true);
  const [loading, setLoading] = useState(true);
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    if (!live) return;
    let current = true;
    live
      .request<{ readonly links: readonly ShareLink[]; readonly guarded: boolean }>("GET", "/links")
      .then((answer) => {
        if (!current) return;
        setLinks(answer.links);
        setGuarded(answer.guarded);
        setFailure(undefined);
      })
      .catch((error: unknown) => current && setFailure(error instanceof Error ? error.message : String(error)))
      .finally(() => current && setLoading(false));
    return () => {
      current = false;
    };
  }, [live]);

  const create = useCallback(
    async (wish: ShareWish): Promise<NewShareLink> => {
      if (!live) throw new Error("There is no project to share yet.");
      const made = await live.request<NewShareLink>("POST", "/links", { ...wish, author: live.user.name });
      setLinks((before) => [made, ...before]);
      return made;
    },
    [live],
  );
  const revoke = useCallback(
    async (id: string): Promise<void> => {
      await live?.request("DELETE", `/links/${encodeURIComponent(id)}`);
      setLinks((before) => before.map((link) => (link.id === id ? { ...link, revokedAt: Date.now() } : link)));
    },
    [live],
  );
  return useMemo(() => ({ links, guarded, loading, failure, create, revoke }), [links, guarded, loading, failure, create, revoke]);
}
