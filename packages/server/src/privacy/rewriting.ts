import { type AddedRecord, type Changeset, type CollectionChanges, Ledger, type LedgerJSON, type Notice, type UpdatedRecord } from "@livegantt/core";
import type { Decided } from "../room/storedProject.ts";

/** Who is meant where a project names somebody. Each function gives back the text that was, or the one in its place. */
export interface Pen {
  /** A name next to the client under which it wrote. */
  stamp(clientId: string, name: string): string;
  /** The author of a comment. */
  comment(id: string, author: unknown): unknown;
  /** A name alone. */
  name(name: string): string;
}

/** Only comments carry a person's name in a changeset; what people typed into a plan is the plan. */
export function rewriteChangeset(changeset: Changeset, pen: Pen): Changeset {
  const { comments } = changeset;
  if (!comments) return changeset;
  const changes: CollectionChanges = {
    ...comments,
    ...(comments.added && { added: comments.added.map((record) => authored(record, record.id, pen)) }),
    ...(comments.updated && { updated: comments.updated.map((update) => rewriteUpdate(update, pen)) }),
  };
  return { ...changeset, comments: changes };
}

const authored = <R extends object>(record: R, id: string, pen: Pen): R =>
  "author" in record ? { ...record, author: pen.comment(id, record.author) } : record;

const rewriteUpdate = ({ id, changes, was, ...rest }: UpdatedRecord, pen: Pen): UpdatedRecord => ({
  id,
  changes: authored(changes, id, pen),
  ...(was && { was: authored(was, id, pen) }),
  ...rest,
});

export const rewriteNotices = (notices: readonly Notice[], pen: Pen): Notice[] =>
  notices.map((notice) => (notice.by === undefined ? notice : { ...notice, by: pen.name(notice.by) }));

interface AnswerMessage {
  readonly type: string;
  readonly payload: {
    readonly normalised?: Changeset;
    readonly notices?: readonly Notice[];
    readonly conflicts?: readonly { readonly by?: { readonly clientId: string; readonly name: string }; readonly restore?: Changeset }[];
    readonly currentState?: { readonly comments?: readonly AddedRecord[] };
  };
}

/** An answer that is kept to be repeated: an ack with notices, a conflict, a refusal. */
export function rewriteAnswer(message: AnswerMessage, pen: Pen): AnswerMessage {
  const { normalised, notices, conflicts, currentState } = message.payload;
  const payload = {
    ...message.payload,
    ...(normalised && { normalised: rewriteChangeset(normalised, pen) }),
    ...(notices && { notices: rewriteNotices(notices, pen) }),
    ...(conflicts && {
      conflicts: conflicts.map((conflict) => ({
        ...conflict,
        ...(conflict.by && { by: { ...conflict.by, name: pen.stamp(conflict.by.clientId, conflict.by.name) } }),
        ...(conflict.restore && { restore: rewriteChangeset(conflict.restore, pen) }),
      })),
    }),
    ...(currentState?.comments && {
      currentState: { ...currentState, comments: currentState.comments.map((record) => authored(record, record.id, pen)) },
    }),
  };
  return { ...message, payload };
}

/** A snapshot's plan and ledger; `undefined` where it names nobody who is meant. */
export function rewriteDecided({ state, ledger }: Decided, pen: Pen): Decided | undefined {
  let found = false;
  for (const comment of [...state.comments.values()]) {
    const author = pen.comment(comment.id, comment.author);
    if (author === comment.author) continue;
    state.put("comments", { ...comment, author } as typeof comment);
    found = true;
  }
  const json = ledger.toJSON();
  const stamps = json.stamps.map((stamp) => ({ ...stamp, name: pen.stamp(stamp.clientId, stamp.name) }));
  const tombstones: LedgerJSON["tombstones"] = json.tombstones.map(([kind, record, stamp]) => [
    kind,
    kind === "comments" ? authored(record, record.id, pen) : record,
    stamp,
  ]);
  found ||= stamps.some(({ name }, i) => name !== json.stamps[i]?.name);
  found ||= tombstones.some(([, record], i) => record.author !== json.tombstones[i]?.[1].author);
  return found ? { state, ledger: Ledger.fromJSON({ ...json, stamps, tombstones }) } : undefined;
}
