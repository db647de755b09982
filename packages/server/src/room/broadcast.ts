import type { Changeset, Notice } from "@livegantt/core";
import type { ChangeRow } from "../interfaces/store.ts";

/** The `changes` message of a log row: what went out when it was committed, and what a `delta` repeats. */
export function broadcastText({ payload, revision, clientId, clientRevision, at, intent, notices }: ChangeRow): string {
  const more = `${intent === null ? "" : `,"intent":${JSON.stringify(intent)}`}${notices === null ? "" : `,"notices":${notices}`}`;
  return `{"type":"changes","payload":${payload},"revision":${revision},"sender":${JSON.stringify(clientId)},"clientRevision":${clientRevision},"at":${at}${more}}`;
}

/** What a log row did. */
export function logged({ payload, notices }: ChangeRow): { readonly payload: Changeset; readonly notices: readonly Notice[] } {
  return { payload: JSON.parse(payload), notices: notices === null ? [] : JSON.parse(notices) };
}
