import { type Changeset, type Conflict, canCoalesce, coalesce, type Notice, type Outcome, type RecordKind, registerOf, type Snapshot } from "@livegantt/core";
import type { ChangeEvent, LiveEvents, OpenConflict, RejectedEdit, Resolution } from "./api.ts";
import type { Batcher } from "./batcher.ts";
import type { Emitter } from "./emitter.ts";
import { ClientError, type SendConflict } from "./errors.ts";
import { claimOfConflict, publicConflict, resolution, sortOut } from "./inbox.ts";
import type { KeptConflict, OfflineQueue, QueuedEdit } from "./offlineQueue.ts";
import { type Claim, changesetOf, claimOf, concerns, isEmptyChangeset, operations, splitByClaim } from "./operations.ts";
import { isApplied, type Settled } from "./optimistic.ts";
import { type ClientPolicies, decide } from "./policies.ts";
import type { Replica } from "./replica.ts";
import { isNothing, type UndoManager } from "./undo.ts";

/** Answer of the server to one edit, in the terms of the wire. */
export interface ConflictAnswer {
  readonly conflicts: readonly Conflict[];
  readonly currentState: Partial<Snapshot>;
}

interface Waiter {
  resolve(answer: { readonly serverRevision: number }): void;
  reject(reason: unknown): void;
}

export interface SubmitOptions {
  readonly intent?: string;
  readonly atomic?: boolean;
  readonly undo?: "undo" | "redo";
  readonly command?: NonNullable<QueuedEdit["command"]>;
  readonly waiter?: Waiter;
  /** Computed starts of tasks that this makes manual. */
  readonly starts?: ReadonlyMap<string, string>;
  /** Written down in one piece with the edit. */
  readonly together?: () => void;
}

export interface EditorParts {
  readonly queue: OfflineQueue;
  readonly replica: Replica;
  readonly undo: UndoManager;
  readonly batcher: Batcher;
  readonly events: Emitter<LiveEvents>;
  readonly policies: ClientPolicies;
  readonly now: () => number;
  readonly makeId: () => string;
  /** Something is there to be written down and sent. */
  readonly pump: () => void;
}

/**
 * What this person does, and what becomes of it: applied, in conflict, refused, undone.
 * Invariant: every edit is in exactly one place: pending (queue and replica), in the inbox, among the rejections, or on the server.
 */
export class Editor {
  readonly #parts: EditorParts;
  readonly #waiters = new Map<number, Waiter[]>();
  readonly #savedWaiters: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: ClientError) => void }[] = [];
  #saved = true;
  #undoState = "";

  constructor(parts: EditorParts) {
    this.#parts = parts;
    this.#saved = parts.queue.edits.length === 0;
    for (const edit of parts.queue.edits) parts.replica.insert(edit);
  }

  /** Does it here at once and queues it. @throws ClientError where a law forbids it; then nothing happened. */
  submit(payload: Changeset, options: SubmitOptions = {}): void {
    const { queue, replica, undo, now } = this.#parts;
    const { intent, undo: inverse, waiter } = options;
    const time = now();
    const edit: QueuedEdit = {
      seq: queue.nextSeq(),
      baseRevision: replica.revision,
      payload,
      madeAt: new Date(time).toISOString(),
      ...(intent === undefined ? {} : { intent }),
      ...(options.atomic ? { atomic: true } : {}),
      ...(inverse ? { undo: true } : {}),
      ...(options.command ? { command: options.command } : {}),
    };
    const outcome = replica.push(options.starts ? { ...edit, starts: options.starts } : edit);
    if (!isApplied(outcome)) throw lawError(outcome);
    options.together?.();
    const plain = !inverse && !options.command && !options.atomic && !options.together;
    const seq = this.#enqueue(edit, plain, time);
    if (waiter) this.#waiters.set(seq, [...(this.#waiters.get(seq) ?? []), waiter]);
    if (!queue.get(seq)) this.#answer(seq, (one) => one.resolve({ serverRevision: replica.revision }));
    if (inverse) undo.pushInverse(seq, intent, inverse);
    this.#changed("local", intent === undefined ? {} : { intent });
    this.#parts.pump();
    this.#tell();
  }

  undo(of: "undo" | "redo"): void {
    const { undo, replica, events, batcher } = this.#parts;
    batcher.break();
    const taken = undo.take(of, replica.state, (seq) => replica.pendingAs(seq));
    if (!taken) return;
    const { step } = taken;
    if (!isNothing(step)) this.submit(step.payload, { intent: of, undo: of });
    if (step.skipped.length > 0) events.emit("notice", { notices: step.skipped, reason: `${of}_skipped` });
    this.#tell();
  }

  /** The server applied an edit as revision `revision`. `normalised`: where it did something else than was sent. */
  applied(seq: number, revision: number, normalised: Changeset | undefined): void {
    const settled = this.#parts.replica.settle(seq, revision, normalised);
    this.settled(seq, revision, settled);
    this.#changed("rebase");
  }

  /** The server has the effect of an edit already, or it had none: there is no revision to wait for. */
  appliedEarlier(seq: number, revision: number): void {
    const settled = this.#parts.replica.pendingAs(seq);
    this.#parts.replica.replace(seq, undefined);
    this.settled(seq, revision, settled);
    this.#changed("rebase");
  }

  /** An edit left the replica's pending ones; what is left is to forget it here. */
  settled(seq: number, revision: number, settled: Settled | undefined): void {
    const { queue, undo, replica, pump } = this.#parts;
    const edit = queue.get(seq);
    if (!edit) return;
    if (settled) undo.settle(seq, settled);
    else undo.forget(seq);
    // A part of an earlier edit that is sent again comes after this one: what both write is said once more, so that the later edit has the last word.
    const held = this.#afterEarlier(edit, edit.payload);
    if (isEmptyChangeset(held)) {
      queue.remove(seq);
      this.#answer(seq, (waiter) => waiter.resolve({ serverRevision: revision }));
    } else {
      this.#again(edit, held);
      replica.insert({ ...edit, payload: held });
    }
    pump();
    this.#tell();
  }

  /** Nothing of an edit was applied (C3): what is in conflict goes into the inbox, the rest is sent again at once (R0). */
  inConflict(seq: number, answer: ConflictAnswer): void {
    const { queue, replica, undo, events, now, pump } = this.#parts;
    const edit = queue.get(seq);
    if (!edit) return;
    const { groups, rest } = sortOut(edit.payload, answer.conflicts, edit.atomic === true);
    const again: Changeset[] = [rest];
    const opened: KeptConflict[] = [];
    const notices: Notice[] = [];
    let refused = false;
    for (const { conflicts, held } of groups) {
      if (!isEmptyChangeset(this.#afterEarlier(edit, held))) again.push(held);
      else if (edit.undo) notices.push(...conflicts.flatMap(noticesOf));
      else if (this.#waitsBehind(edit, held)) continue;
      else if (this.#followsRejected(edit, held)) refused = true;
      else opened.push(this.#open(edit, conflicts, held, new Date(now()).toISOString(), edit.atomic === true));
    }
    const next = coalesce(again);
    if (isEmptyChangeset(next)) {
      queue.remove(seq);
      replica.replace(seq, undefined);
      undo.forget(seq);
    } else {
      this.#again(edit, next);
      replica.replace(seq, next);
    }
    for (const conflict of opened) this.#park(conflict);
    if (opened.length > 0 || refused || isEmptyChangeset(next)) {
      const reason: SendConflict = { type: "conflict", conflictData: answer };
      this.#answer(seq, (waiter) => waiter.reject(reason));
    }
    this.#changed("rebase");
    pump();
    for (const { id } of opened) {
      const conflict = queue.conflicts.get(id);
      if (conflict) events.emit("conflict", publicConflict(conflict));
    }
    this.#inboxChanged(opened.length > 0);
    if (notices.length > 0) events.emit("notice", { notices, reason: "undo_skipped", ...(answer.conflicts[0]?.by ? { by: answer.conflicts[0].by.name } : {}) });
    for (const conflict of opened) this.#decide(conflict);
    this.#tell();
  }

  /** The server will never take this edit. It stays visible until its author dismisses it. */
  refused(seq: number, error: { readonly code: string; readonly message: string; readonly path?: string }): void {
    const { queue, replica, undo, pump } = this.#parts;
    const edit = queue.get(seq);
    if (!edit) return;
    queue.remove(seq);
    replica.replace(seq, undefined);
    undo.forget(seq);
    this.#reject(edit, edit.payload, error);
    this.#answer(seq, (waiter) => waiter.reject(new ClientError(error.code, "fix", error.message, error.path === undefined ? {} : { path: error.path })));
    this.#changed("rebase");
    pump();
    this.#tell();
  }

  /** Carries out a choice about an open conflict (R2). @throws ClientError where it cannot be carried out; then the conflict stays open. */
  resolve(id: string, choice: Resolution): void {
    const { queue, replica, makeId, pump } = this.#parts;
    const conflict = queue.conflicts.get(id);
    if (!conflict) throw new ClientError("unknown_conflict", "fix", `There is no open conflict "${id}". It may have been resolved already.`);
    const close = (): void => queue.removeConflict(id);
    const payload = choice === "accept_server" ? {} : resolution(conflict, choice, replica.state, makeId);
    if (isEmptyChangeset(payload)) close();
    else {
      this.#parts.batcher.break();
      this.submit(payload, { intent: conflict.intent ?? "resolve", together: close });
    }
    pump();
    this.#inboxChanged(true);
  }

  dismiss(id: string): void {
    if (!this.#parts.queue.rejections.has(id))
      throw new ClientError("unknown_rejection", "fix", `There is no refused edit "${id}". It may have been dismissed already.`);
    this.#parts.queue.removeRejection(id);
    this.#parts.pump();
  }

  get conflicts(): readonly OpenConflict[] {
    return [...this.#parts.queue.conflicts.values()].sort((a, b) => a.seq - b.seq).map(publicConflict);
  }

  get rejections(): readonly RejectedEdit[] {
    return [...this.#parts.queue.rejections.values()].sort((a, b) => a.seq - b.seq);
  }

  saved(): Promise<void> {
    const { queue } = this.#parts;
    if (queue.edits.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#savedWaiters.push({ upTo: queue.lastSeq, resolve, reject }));
  }

  /** Policies are asked again about conflicts that a reload brought back. */
  decideOpen(): void {
    for (const conflict of [...this.#parts.queue.conflicts.values()]) this.#decide(conflict);
  }

  /** Conflicts of another tab came into this inbox. */
  inboxGrew(): void {
    this.#inboxChanged(true);
    this.decideOpen();
  }

  /** Tells listeners what the view shows differently now. */
  announce(origin: ChangeEvent["origin"], extra: { readonly intent?: string; readonly by?: string } = {}): void {
    this.#changed(origin, extra);
  }

  /** Another plan is under the pending edits. The event comes also where nothing of theirs shows. */
  announceLoad(): void {
    this.#parts.events.emit("change", { origin: "load", touched: this.#parts.replica.takeTouched() });
  }

  /** The server's history is another one (W0): revisions that edits were based on mean nothing any more, their `was` judges them. */
  rebaseAll(): void {
    for (const edit of [...this.#parts.queue.edits]) this.#parts.queue.put({ ...edit, baseRevision: 0 });
  }

  destroy(error: ClientError): void {
    for (const seq of [...this.#waiters.keys()]) this.#answer(seq, (waiter) => waiter.reject(error));
    for (const waiter of this.#savedWaiters.splice(0)) waiter.reject(error);
  }

  /** Queues an edit, or folds it into one that still waits for more of the same (C4). Answers under which number in the person's order it stands. */
  #enqueue(edit: QueuedEdit, plain: boolean, time: number): number {
    const { queue, replica, batcher, undo } = this.#parts;
    if (!plain) {
      batcher.break();
      queue.put(edit);
      if (!edit.undo) undo.push(edit.seq, edit.intent, false);
      return edit.seq;
    }
    const { into, continues } = batcher.file(edit.payload, edit.intent, time);
    const earlier = into === undefined ? undefined : queue.get(into);
    if (earlier && earlier.number === undefined && canCoalesce(earlier.payload, edit.payload)) {
      const joined = coalesce([earlier.payload, edit.payload]);
      const nothing = isEmptyChangeset(joined);
      replica.replace(edit.seq, undefined);
      replica.replace(earlier.seq, nothing ? undefined : joined);
      if (nothing) {
        queue.remove(earlier.seq);
        undo.forget(earlier.seq);
        batcher.release(earlier.seq);
      } else queue.put({ ...earlier, payload: joined });
      return earlier.seq;
    }
    queue.put(edit);
    if (continues) batcher.hold(edit.seq, time);
    undo.push(edit.seq, edit.intent, continues);
    return edit.seq;
  }

  /** Sends an edit, or what is left of it, again under a new number, at its old place in the person's order. */
  #again(edit: QueuedEdit, payload: Changeset): void {
    const { number: _, ...rest } = edit;
    this.#parts.queue.put({ ...rest, payload });
  }

  /** The part of a changeset that stands on an own earlier edit which is only now on its way (again). */
  #afterEarlier(edit: QueuedEdit, payload: Changeset): Changeset {
    const held: Changeset[] = [];
    for (const earlier of this.#parts.queue.edits) {
      if (earlier.seq >= edit.seq) break;
      held.push(splitByClaim(payload, claimOf(earlier.payload)).held);
    }
    return held.length === 0 ? {} : coalesce(held);
  }

  #open(edit: QueuedEdit, conflicts: readonly Conflict[], held: Changeset, arrivedAt: string, atomic: boolean): KeptConflict {
    const { queue, makeId } = this.#parts;
    const conflict: KeptConflict = {
      id: makeId(),
      seq: edit.seq,
      conflicts,
      payload: held,
      madeAt: edit.madeAt,
      arrivedAt,
      parked: 0,
      waiting: [],
      ...(edit.intent === undefined ? {} : { intent: edit.intent }),
      ...(atomic ? { atomic } : {}),
    };
    queue.putConflict(conflict);
    return conflict;
  }

  /** R1: pending edits of the same registers, and of records whose add is in conflict, wait behind it. */
  #park(conflict: KeptConflict): void {
    const { queue, replica, undo } = this.#parts;
    const claim = claimOfOpen(conflict);
    for (const edit of [...queue.edits]) {
      if (edit.seq <= conflict.seq || edit.number !== undefined) continue;
      const { held, rest } = edit.atomic && concerns(edit.payload, claim) ? { held: edit.payload, rest: {} } : splitByClaim(edit.payload, claim);
      if (isEmptyChangeset(held)) continue;
      if (!edit.undo) this.#wait(conflict.id, held);
      replica.replace(edit.seq, isEmptyChangeset(rest) ? undefined : rest);
      if (!isEmptyChangeset(rest)) queue.put({ ...edit, payload: rest });
      else {
        queue.remove(edit.seq);
        undo.forget(edit.seq);
        this.#answer(edit.seq, (waiter) =>
          waiter.reject({ type: "conflict", conflictData: { conflicts: conflict.conflicts, currentState: {} } } satisfies SendConflict),
        );
      }
    }
  }

  /** An edit that was already on its way when the one before it came into conflict joins that one's entry. */
  #waitsBehind(edit: QueuedEdit, held: Changeset): boolean {
    for (const conflict of this.#parts.queue.conflicts.values()) {
      if (conflict.seq >= edit.seq || !concerns(held, claimOfOpen(conflict))) continue;
      this.#wait(conflict.id, held);
      return true;
    }
    return false;
  }

  #wait(id: string, held: Changeset): void {
    const { queue } = this.#parts;
    const conflict = queue.conflicts.get(id);
    if (conflict) queue.putConflict({ ...conflict, waiting: [...conflict.waiting, held], parked: conflict.waiting.length + 1 });
  }

  /** An edit of something whose making was refused for good shares its fate. */
  #followsRejected(edit: QueuedEdit, held: Changeset): boolean {
    for (const rejection of this.#parts.queue.rejections.values()) {
      if (rejection.seq >= edit.seq || !concerns(held, recordsOf(rejection.payload))) continue;
      this.#reject(edit, held, { code: "depends_on_rejected", message: `This edit builds on one that was refused: ${rejection.message}` });
      return true;
    }
    return false;
  }

  #reject(edit: QueuedEdit, payload: Changeset, error: { readonly code: string; readonly message: string; readonly path?: string }): void {
    const { queue, makeId, events } = this.#parts;
    const rejection = {
      id: makeId(),
      seq: edit.seq,
      payload,
      madeAt: edit.madeAt,
      code: error.code,
      message: error.message,
      ...(edit.intent === undefined ? {} : { intent: edit.intent }),
      ...(error.path === undefined ? {} : { path: error.path }),
    };
    queue.putRejection(rejection);
    events.emit("rejected", rejection);
  }

  #decide(conflict: KeptConflict): void {
    const settle = (decision: Resolution | "ask"): void => {
      if (decision === "ask" || !this.#parts.queue.conflicts.has(conflict.id)) return;
      const yielded = conflict.conflicts.filter(
        ({ fields }) => decision !== "keep_local" && (decision === "accept_server" || !Object.keys(fields ?? {}).some((field) => field in decision.merge)),
      );
      const by = yielded[0]?.by?.name;
      if (yielded.length > 0) this.#parts.events.emit("notice", { notices: yielded.flatMap(noticesOf), ...(by === undefined ? {} : { by }) });
      this.resolve(conflict.id, decision);
    };
    // A policy that fails leaves the conflict to the person, in the inbox, where it already is.
    const failed = (cause: unknown): void =>
      this.#parts.events.emit(
        "error",
        new ClientError("policy_failed", "fix", "A conflict policy failed; the conflict stays in the inbox.", { conflicts: conflict.conflicts }, cause),
      );
    try {
      const decision = decide(this.#parts.policies, conflict.conflicts);
      if (typeof decision === "object" && "then" in decision) decision.then(settle).catch(failed);
      else settle(decision);
    } catch (error) {
      failed(error);
    }
  }

  #answer(seq: number, tell: (waiter: Waiter) => void): void {
    const waiters = this.#waiters.get(seq);
    if (!waiters) return;
    this.#waiters.delete(seq);
    for (const waiter of waiters) tell(waiter);
  }

  #changed(origin: ChangeEvent["origin"], extra: { readonly intent?: string; readonly by?: string } = {}): void {
    const touched = this.#parts.replica.takeTouched();
    if (touched.size > 0) this.#parts.events.emit("change", { origin, touched, ...extra });
  }

  #inboxChanged(changed: boolean): void {
    if (changed) this.#parts.events.emit("conflicts", { open: this.conflicts });
  }

  /** Says what is new about `saved` and undo. */
  #tell(): void {
    const { queue, events, undo } = this.#parts;
    const first = queue.edits[0]?.seq ?? Number.POSITIVE_INFINITY;
    for (let i = this.#savedWaiters.length - 1; i >= 0; i--) {
      const waiter = this.#savedWaiters[i];
      if (waiter && waiter.upTo < first) this.#savedWaiters.splice(i, 1)[0]?.resolve();
    }
    const saved = queue.edits.length === 0;
    if (saved !== this.#saved) {
      this.#saved = saved;
      events.emit("saved", { saved, pending: queue.edits.length });
    }
    const undoState = `${undo.canUndo}/${undo.canRedo}`;
    if (undoState === this.#undoState) return;
    this.#undoState = undoState;
    events.emit("undo", { canUndo: undo.canUndo, canRedo: undo.canRedo });
  }
}

/** What an open conflict keeps to itself: what it holds, and records that are not there any more. */
function claimOfOpen(conflict: KeptConflict): Claim {
  const claim = claimOf(conflict.payload);
  for (const one of conflict.conflicts) for (const key of claimOfConflict(one, conflict.payload).records) claim.records.add(key);
  return claim;
}

const recordsOf = (payload: Changeset): Claim => claimOf(changesetOf(operations(payload).filter(({ verb }) => verb === "added")));

/** An undo that came too late, in the words of a notice. */
function noticesOf(conflict: Conflict): Notice[] {
  const by = conflict.by ? { by: conflict.by.name } : {};
  const previous = Object.fromEntries(Object.entries(conflict.fields ?? {}).map(([field, { local }]) => [field, local]));
  const [field] = Object.keys(previous);
  const register = field === undefined ? {} : { register: registerOf(conflict.collection as RecordKind, field), previous };
  return [{ kind: "overwritten", collection: conflict.collection, id: conflict.id, ...register, ...by }];
}

function lawError(outcome: Exclude<Outcome, { readonly normalised: Changeset }>): ClientError {
  if (outcome.outcome === "rejected")
    return new ClientError(outcome.error.code, "fix", outcome.error.message, outcome.error.path === undefined ? {} : { path: outcome.error.path });
  const [first] = outcome.conflicts;
  const path = first?.path?.map(({ name }) => name).join(" → ");
  const messages: Partial<Record<Conflict["type"], string>> = {
    dependency_cycle: `This would close a loop of dependencies: ${path}.`,
    hierarchy_cycle: `A task cannot stand under itself: ${path}.`,
    missing_reference: `The ${first?.collection ?? "record"} "${first?.id}" refers to something that does not exist in this project.`,
    duplicate_id: `The id "${first?.id}" is taken.`,
    empty_calendar: "A calendar that is in use must keep some working time.",
  };
  return new ClientError(
    first?.type ?? "conflict",
    "fix",
    messages[first?.type ?? "concurrent_edit"] ?? `The plan does not allow this edit (${first?.type}).`,
    { conflicts: outcome.conflicts },
  );
}
