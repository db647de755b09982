import { type RecordKind, recordKinds } from "@livegantt/core";

export interface HistoryChange {
  readonly collection: RecordKind;
  readonly id: string;
  readonly action: "added" | "updated" | "removed";
  /** As the record is called now, or was called when it went. */
  readonly name: string;
  readonly fields: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

/** One revision as people read it. */
export interface HistoryEntry {
  readonly revision: number;
  readonly author: string;
  /** Milliseconds since the epoch when it reached the server. */
  readonly at: number;
  readonly intent: string | undefined;
  readonly changes: readonly HistoryChange[];
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** Newest revision of the page after this one. */
  readonly next: number | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A page of history, newest first; rows of an unknown shape are left out. */
export function parseHistory(answer: unknown): HistoryPage {
  const rows: readonly unknown[] = isObject(answer) && Array.isArray(answer.entries) ? answer.entries : [];
  const entries = rows.flatMap((row): HistoryEntry[] => {
    if (!isObject(row) || typeof row.revision !== "number") return [];
    return [
      {
        revision: row.revision,
        author: text(row.author),
        at: typeof row.at === "number" ? row.at : 0,
        intent: text(row.intent) || undefined,
        changes: Array.isArray(row.changes) ? row.changes.flatMap(parseChange) : [],
      },
    ];
  });
  return { entries: entries.sort((a, b) => b.revision - a.revision), next: isObject(answer) && typeof answer.next === "number" ? answer.next : undefined };
}

function parseChange(change: unknown): HistoryChange[] {
  if (!isObject(change)) return [];
  const collection = recordKinds.find((kind) => kind === change.collection);
  const { action, id } = change;
  if (!collection || typeof id !== "string" || (action !== "added" && action !== "updated" && action !== "removed")) return [];
  return [{ collection, id, action, name: text(change.name), fields: isObject(change.fields) ? (change.fields as HistoryChange["fields"]) : {} }];
}
