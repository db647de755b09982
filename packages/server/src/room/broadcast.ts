import type { Changeset, Notice } from "@livegantt/core";
import type { LoggedChange } from "../interfaces/store.ts";

/** The `changes` message of a log row: what went out when it was committed, and what a `delta` repeats. */
export function broadcastText({ payload, revision, clientId, clientRevision, at, intent, notices }: LoggedChange): string {
  const more = `${intent === null ? "" : `,"intent":${JSON.stringify(intent)}`}${notices === null ? "" : `,"notices":${notices}`}`;
  return `{"type":"changes","payload":${payload},"revision":${revision},"sender":${JSON.stringify(clientId)},"clientRevision":${clientRevision},"at":${at}${more}}`;
}

/** What a log row did. */
export function logged({ payload, notices }: LoggedChange): { readonly payload: Changeset; readonly notices: readonly Notice[] } {
  return { payload: JSON.parse(payload), notices: notices === null ? [] : JSON.parse(notices) };
}

/** Every change after one revision up to another as one message. */
export function deltaText(from: number, to: number, rows: readonly LoggedChange[]): string {
  const authors = Object.fromEntries(rows.map((row) => [row.clientId, row.author]));
  return `{"type":"delta","payload":{"from":${from},"to":${to},"changesets":[${rows.map(broadcastText).join(",")}],"authors":${JSON.stringify(authors)}}}`;
}
