"use client";
import { useCallback, useEffect, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";
import { type HistoryEntry, type HistoryPage, parseHistory } from "./historyEntries.ts";

export interface HistoryOptions {
  /** Only changes that touched this task. */
  readonly task?: string;
  readonly limit?: number;
}

export interface HistoryState {
  readonly entries: readonly HistoryEntry[];
  readonly loading: boolean;
  readonly failed: boolean;
  readonly hasMore: boolean;
  reload(): void;
  loadOlder(): void;
}

/** Revisions of the project, newest first, read over HTTP; reloads when the server's revision moves on. */
export function useHistory({ task, limit = 50 }: HistoryOptions = {}): HistoryState {
  const live = useLive();
  const [entries, setEntries] = useState<readonly HistoryEntry[]>([]);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  const [next, setNext] = useState<number>();
  const [round, setRound] = useState(0);

  const fetchPage = useCallback(
    async (to: number | undefined): Promise<HistoryPage> => {
      if (!live) throw new Error("There is no project yet.");
      const query = new URLSearchParams({ limit: String(limit) });
      if (task) query.set("task", task);
      if (to !== undefined) query.set("to", String(to));
      return parseHistory(await live.request("GET", `/history?${query}`));
    },
    [live, task, limit],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks for a reload
  useEffect(() => {
    if (!live) return;
    let current = true;
    setState("loading");
    fetchPage(undefined)
      .then((page) => {
        if (!current) return;
        setEntries(page.entries);
        setNext(page.next);
        setState("ready");
      })
      .catch(() => current && setState("failed"));
    return () => {
      current = false;
    };
  }, [live, fetchPage, round]);

  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = live.on("saved", ({ saved }) => saved && later());
    const stopChange = live.on("change", ({ origin }) => origin === "remote" && later());
    // A burst of changes makes one request.
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setRound((count) => count + 1), 800);
    };
    return () => {
      stop();
      stopChange();
      clearTimeout(timer);
    };
  }, [live]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  const loadOlder = useCallback(() => {
    if (next === undefined) return;
    fetchPage(next)
      .then((page) => {
        setEntries((before) => [...before, ...page.entries]);
        setNext(page.next);
      })
      .catch(() => setState("failed"));
  }, [next, fetchPage]);

  return { entries, loading: state === "loading", failed: state === "failed", hasMore: next !== undefined, reload, loadOlder };
}
