import { type ClientRow, rememberedAnswers } from "../interfaces/store.ts";

/** A client's counter is its row and what the log holds of it since the last fold, so that an edit costs one row, not two. */
export interface LoggedNumber {
  readonly number: number;
  readonly revision: number;
}

export const bytesOf = (acks: Uint32Array): Uint8Array => new Uint8Array(acks.buffer, acks.byteOffset, acks.byteLength);
export const noAcks = new Uint8Array(rememberedAnswers * Uint32Array.BYTES_PER_ELEMENT);

/** A counter as it is stored, `acks` being the bytes of the array. */
export function storedCounter(clientId: string, { sub, lastRevision, acks: bytes }: { sub: string | null; lastRevision: number; acks: Uint8Array }): ClientRow {
  const acks = new Uint32Array(rememberedAnswers);
  bytesOf(acks).set(bytes);
  return { clientId, sub, lastRevision, acks };
}

/** A counter after some more rows of its client, in order of revisions. */
export function forward(row: ClientRow, recent: readonly LoggedNumber[]): ClientRow {
  const acks = row.acks.slice();
  let { lastRevision } = row;
  for (const { number, revision } of recent) {
    acks[number % rememberedAnswers] = revision;
    lastRevision = Math.max(lastRevision, number);
  }
  return { ...row, lastRevision, acks };
}

/** The rows of each client, in the order in which they came. */
export function byClient<R extends { readonly clientId: string }>(rows: readonly R[]): Map<string, R[]> {
  const clients = new Map<string, R[]>();
  for (const row of rows) {
    const known = clients.get(row.clientId);
    if (known) known.push(row);
    else clients.set(row.clientId, [row]);
  }
  return clients;
}
