import type { Changeset } from "@livegantt/core";

/** One revision as people read it. */
export interface HistoryEntry {
  readonly revision: number;
  readonly author: string;
  /** Milliseconds since the epoch when it reached the server. */
  readonly at: number;
  readonly intent: string | undefined;
  readonly payload: Changeset;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Entries of a history answer, newest first; rows of an unknown shape are left out. */
export function parseHistory(answer: unknown): readonly HistoryEntry[] {
  const rows = Array.isArray(answer) ? answer : isObject(answer) ? (Object.values(answer).find(Array.isArray) ?? []) : [];
  const entries: HistoryEntry[] = [];
  for (const row of rows as unknown[]) {
    if (!isObject(row) || typeof row.revision !== "number") continue;
    const by = isObject(row.by) ? row.by.name : row.by;
    const author = [row.author, row.userName, by].find((name): name is string => typeof name === "string");
    const at = typeof row.at === "number" ? row.at : Date.parse(String(row.at));
    entries.push({
      revision: row.revision,
      author: author ?? "",
      at: Number.isFinite(at) ? at : 0,
      intent: typeof row.intent === "string" ? row.intent : undefined,
      payload: isObject(row.payload) ? (row.payload as Changeset) : {},
    });
  }
  return entries.sort((a, b) => b.revision - a.revision);
}
