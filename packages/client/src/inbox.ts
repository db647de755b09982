import { type Changeset, type Conflict, coalesce, equalJson, type ProjectState, type RecordKind, type Registers, sameValue } from "@livegantt/core";
import type { LiveEvents, OpenConflict, RejectedEdit, Resolution } from "./api.ts";
import type { Emitter } from "./emitter.ts";
import { ClientError, type SendConflict } from "./errors.ts";
import type { KeptConflict, OfflineQueue, QueuedEdit } from "./offlineQueue.ts";
import { type Claim, changesetOf, claimOf, concerns, isEmptyChangeset, type Operation, operations, recordKey, splitByClaim } from "./operations.ts";
import { type ClientPolicies, decide } from "./policies.ts";
import type { Replica } from "./replica.ts";
import { claimOfConflict, claimOfOpen, noticesOf, publicConflict, sawMine } from "./resolution.ts";
import type { UndoManager } from "./undo.ts";
import type { Waiters } from "./waiters.ts";

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export interface InboxParts {
  readonly queue: OfflineQueue;
  readonly replica: Replica;
  readonly undo: UndoManager;
  readonly waiters: Waiters;
  readonly events: Emitter<LiveEvents>;
  readonly policies: ClientPolicies;
  readonly makeId: () => string;
  readonly now: () => number;
  readonly resolve: (id: string, choice: Resolution) => void;
}

/** Edits that somebody must decide about: conflicts with what waits behind them, and edits refused for good (R1). Kept with the outbox. */
export class Inbox {
  readonly #parts: InboxParts;
  #closed = false;
  /** Conflicts that were decided for mine while later edits of the same are still on their way. */
  readonly #deferred = new Set<string>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  get conflicts(): readonly OpenConflict[] {
    return [...this.#parts.queue.conflicts.values()].sort((a, b) => a.seq - b.seq).map(publicConflict);
  }

  get rejections(): readonly RejectedEdit[] {
    return [...this.#parts.queue.rejections.values()].sort((a, b) => a.seq - b.seq).map(({ seq: _, ...rejection }) => rejection);
  }

  /** Tells listeners that the list of open conflicts is another one. */
  announce(): void {
    this.#parts.events.emit("conflicts", { open: this.conflicts });
  }

  open(edit: QueuedEdit, conflicts: readonly Conflict[], held: Changeset): KeptConflict {
    const { queue, makeId, now } = this.#parts;
    const conflict: KeptConflict = {
      id: makeId(),
      seq: edit.seq,
      upTo: queue.lastSeq,
      conflicts,
      payload: held,
      madeAt: edit.madeAt,
      arrivedAt: new Date(now()).toISOString(),
      parked: 0,
      waiting: [],
      ...(edit.intent === undefined ? {} : { intent: edit.intent }),
      ...(edit.atomic ? { atomic: true as const } : {}),
    };
    queue.putConflict(conflict);
    return conflict;
  }

  /** R1: pending edits of the same registers, and of records whose add is in conflict, wait behind it. */
  park(conflict: KeptConflict): void {
    const { queue, replica, undo, waiters } = this.#parts;
    const claim = claimOfOpen(conflict);
    for (const edit of [...queue.edits]) {
      if (edit.seq <= conflict.seq || edit.number !== undefined) continue;
      const { held, rest } = edit.atomic && concerns(edit.payload, claim) ? { held: edit.payload, rest: {} } : splitByClaim(edit.payload, claim);
      const kept = queue.conflicts.get(conflict.id);
      if (!kept) break;
      if (isEmptyChangeset(held) || !this.#stoodOnMine(kept, edit, held)) continue;
      this.#wait(kept, edit, held, kept.conflicts);
      replica.replace(edit.seq, isEmptyChangeset(rest) ? undefined : rest);
      if (!isEmptyChangeset(rest)) queue.put({ ...edit, payload: rest });
      else {
        queue.remove(edit.seq);
        undo.forget(edit.seq);
        waiters.answer(edit.seq, (waiter) =>
          waiter.reject({ type: "conflict", conflictData: { conflicts: conflict.conflicts, currentState: {} } } satisfies SendConflict),
        );
      }
    }
  }

  /** An edit that was already on its way when the one before it came into conflict joins that one's entry. */
  waitsBehind(edit: QueuedEdit, held: Changeset, answer: readonly Conflict[]): boolean {
    for (const conflict of this.#parts.queue.conflicts.values()) {
      if (conflict.seq >= edit.seq || conflict.upTo < edit.seq || !concerns(held, claimOfOpen(conflict)) || !this.#stoodOnMine(conflict, edit, held)) continue;
      this.#wait(conflict, edit, held, answer);
      return true;
    }
    return false;
  }

  /** The server took an edit that was on its way behind a conflict: where it speaks of all that its author had said before, nothing is left to decide. */
  overtake(edit: QueuedEdit): void {
    const updates = changesetOf(operations(edit.payload).filter(({ verb }) => verb === "updated"));
    for (const conflict of [...this.#parts.queue.conflicts.values()]) {
      if (conflict.seq >= edit.seq || conflict.upTo < edit.seq) continue;
      const { held } = splitByClaim(updates, claimOfOpen(conflict));
      if (isEmptyChangeset(held) || !this.#stoodOnMine(conflict, edit, held)) continue;
      const taken = claimOf(held);
      const earlier = [conflict, ...conflict.waiting.filter(({ seq }) => seq < edit.seq)];
      if (earlier.every(({ payload }) => isEmptyChangeset(splitByClaim(payload, taken).rest))) this.#withdraw(conflict, edit.seq);
      else this.#wait(conflict, edit, held);
    }
  }

  /** Something on its way was answered: what waited for it is decided now. */
  reconsider(): void {
    for (const id of [...this.#deferred]) {
      const kept = this.#parts.queue.conflicts.get(id);
      if (kept && this.#isFollowed(kept)) continue;
      this.#deferred.delete(id);
      if (kept) this.decide(kept);
    }
  }

  #isFollowed(kept: KeptConflict): boolean {
    const claim = claimOfOpen(kept);
    return this.#parts.queue.edits.some(({ seq, payload }) => seq > kept.seq && concerns(payload, claim));
  }

  #stoodOnMine(conflict: KeptConflict, edit: QueuedEdit, held: Changeset): boolean {
    if (edit.blind) return false;
    const between = this.#parts.queue.edits.filter(({ seq }) => seq > conflict.seq && seq < edit.seq).map(({ payload }) => payload);
    return sawMine(conflict, between, held);
  }

  /** Mine is from now on what this edit says; where that is nothing, since its author took back what is in conflict, there is nothing to decide. */
  #wait(kept: KeptConflict, { number: _, ...edit }: QueuedEdit, held: Changeset, answer: readonly Conflict[] = []): void {
    const { queue, events } = this.#parts;
    const conflicts = kept.conflicts.map((conflict) => withNews(conflict, answer));
    // Edits on their way come back after later ones were parked already.
    const waiting = [...kept.waiting, { ...edit, payload: held }].sort((a, b) => a.seq - b.seq);
    const said = [kept, ...waiting.filter(({ seq }) => seq <= edit.seq)].map(({ payload }) => payload);
    if (!isTakenBack(coalesce(said))) {
      queue.putConflict({ ...kept, conflicts, waiting, parked: waiting.length });
      return;
    }
    this.#withdraw(kept, edit.seq);
    const by = answer[0]?.by?.name;
    if (edit.undo) events.emit("notice", { notices: answer.flatMap(noticesOf), reason: "undo_skipped", ...(by === undefined ? {} : { by }) });
  }

  /** What waits and was made after `upTo` is an edit of its own again. */
  #withdraw({ id, waiting }: KeptConflict, upTo: number): void {
    const { queue, replica } = this.#parts;
    queue.removeConflict(id);
    for (const edit of waiting) {
      if (edit.seq <= upTo) continue;
      const rest = queue.get(edit.seq);
      if (rest && rest.number === undefined) {
        const payload = coalesce([rest.payload, edit.payload]);
        queue.put({ ...rest, payload });
        replica.replace(rest.seq, payload);
        continue;
      }
      const next = rest ? { ...edit, seq: queue.nextSeq() } : edit;
      queue.put(next);
      replica.insert(next);
    }
    this.announce();
  }

  /** An edit of something whose making was refused for good shares its fate. */
  followsRejected(edit: QueuedEdit, held: Changeset): boolean {
    for (const rejection of this.#parts.queue.rejections.values()) {
      if (rejection.seq >= edit.seq || !concerns(held, recordsOf(rejection.payload))) continue;
      this.reject(edit, held, { code: "depends_on_rejected", message: `This edit builds on one that was refused: ${rejection.message}` });
      return true;
    }
    return false;
  }

  reject(edit: QueuedEdit, payload: Changeset, error: Refusal): void {
    const { queue, makeId, events } = this.#parts;
    const rejection: RejectedEdit = {
      id: makeId(),
      payload,
      madeAt: edit.madeAt,
      code: error.code,
      message: error.message,
      ...(edit.intent === undefined ? {} : { intent: edit.intent }),
      ...(error.path === undefined ? {} : { path: error.path }),
    };
    queue.putRejection({ ...rejection, seq: edit.seq });
    events.emit("rejected", rejection);
  }

  /** Whoever works with this outbox next decides anew: what a policy still thinks about counts no more. */
  close(): void {
    this.#closed = true;
  }

  /** Asks the policies; what they decide is carried out as if the person had. */
  decide(conflict: KeptConflict): void {
    // Mine is the last word of all that waits behind it.
    const asked = publicConflict(conflict).conflicts;
    const settle = (decision: Resolution | "ask"): void => {
      const kept = this.#parts.queue.conflicts.get(conflict.id);
      if (decision === "ask" || !kept || this.#closed) return;
      const { conflicts, payload } = publicConflict(kept);
      if (typeof decision === "object" && !equalJson(conflicts, asked)) {
        this.decide(kept);
        return;
      }
      // A policy decides about values; where more hangs on them (an edit of all or nothing), it is the person's to say.
      if (hangsMore(conflicts, payload)) return;
      // What is sent again comes after what is on its way: it waits, so that the last word stays the last.
      if (decision !== "accept_server" && this.#isFollowed(kept)) {
        this.#deferred.add(kept.id);
        return;
      }
      // A policy that took its time may not overrule what was entered meanwhile.
      if (decision !== "accept_server" && conflicts.some((one) => hasMoved(one, this.#parts.replica.state))) return;
      const yielded = conflicts.filter(
        ({ fields }) => decision !== "keep_local" && (decision === "accept_server" || !Object.keys(fields ?? {}).some((field) => field in decision.merge)),
      );
      const by = yielded[0]?.by?.name;
      if (yielded.length > 0) this.#parts.events.emit("notice", { notices: yielded.flatMap(noticesOf), ...(by === undefined ? {} : { by }) });
      this.#parts.resolve(conflict.id, decision);
    };
    // A policy that fails leaves the conflict to the person, in the inbox, where it already is.
    const failed = (cause: unknown): void =>
      this.#parts.events.emit(
        "error",
        new ClientError("policy_failed", "fix", "A conflict policy failed; the conflict stays in the inbox.", { conflicts: conflict.conflicts }, cause),
      );
    try {
      const decision = decide(this.#parts.policies, asked);
      if (typeof decision === "object" && "then" in decision) decision.then(settle).catch(failed);
      else settle(decision);
    } catch (error) {
      failed(error);
    }
  }
}

const hangsMore = (conflicts: readonly Conflict[], payload: Changeset): boolean =>
  !isEmptyChangeset(conflicts.reduce((rest, conflict) => splitByClaim(rest, claimOfConflict(conflict, payload)).rest, payload));

/** The register holds something else than the server had when the conflict was found. */
function hasMoved({ collection, id, fields }: Conflict, state: ProjectState): boolean {
  const kind = collection as RecordKind;
  const record: Registers | undefined = state.get(kind, id);
  return Object.entries(fields ?? {}).some(([field, { server }]) => !sameValue(kind, field, server, record?.[field]));
}

/** Nothing but removals with what brings the same records back. */
function isTakenBack(payload: Changeset): boolean {
  const all = operations(payload);
  const removed = new Set<string>();
  for (const operation of all) {
    if (operation.verb !== "removed") continue;
    removed.add(recordKey(operation.kind, operation.id));
    for (const [kind, ids] of Object.entries(operation.line.seen ?? {})) for (const id of ids ?? []) removed.add(recordKey(kind, id));
  }
  const added = new Set(all.flatMap(({ verb, kind, id }) => (verb === "added" ? [recordKey(kind, id)] : [])));
  // Comments go with their task without being named.
  const goes = ({ kind, id, line }: Operation & { readonly verb: "added" }): boolean =>
    removed.has(recordKey(kind, id)) || (kind === "comments" && removed.has(recordKey("tasks", String(line.task))));
  return all.every((operation) => {
    if (operation.verb === "added") return goes(operation);
    return operation.verb === "removed" && added.has(recordKey(operation.kind, operation.id));
  });
}

const recordsOf = (payload: Changeset): Claim => claimOf(changesetOf(operations(payload).filter(({ verb }) => verb === "added")));

/** What the server holds now, in a conflict that was told before. */
function withNews(conflict: Conflict, answer: readonly Conflict[]): Conflict {
  const news = answer.find(({ type, collection, id }) => type === conflict.type && collection === conflict.collection && id === conflict.id);
  if (!news?.fields || !conflict.fields) return conflict;
  const fields = Object.entries(conflict.fields).map(([field, values]) => {
    const now = news.fields?.[field];
    return [field, now ? { ...values, server: now.server } : values] as const;
  });
  const { serverRevision, by, at } = news;
  return {
    ...conflict,
    fields: Object.fromEntries(fields),
    ...(serverRevision === undefined ? {} : { serverRevision }),
    ...(by ? { by } : {}),
    ...(at === undefined ? {} : { at }),
  };
}
