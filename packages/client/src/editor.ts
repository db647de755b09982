import { type Changeset, type Conflict, canCoalesce, coalesce, type Notice, type Snapshot } from "@livegantt/core";
import type { ChangeEvent, LiveEvents, OpenConflict, RejectedEdit, Resolution } from "./api.ts";
import type { Batcher } from "./batcher.ts";
import type { Emitter } from "./emitter.ts";
import { ClientError, type SendConflict } from "./errors.ts";
import { Inbox } from "./inbox.ts";
import { lawError } from "./lawError.ts";
import type { KeptConflict, OfflineQueue, QueuedEdit } from "./offlineQueue.ts";
import { changesetOf, claimOf, concerns, isEmptyChangeset, operations, splitByClaim } from "./operations.ts";
import { isApplied, type Settled } from "./optimistic.ts";
import type { ClientPolicies } from "./policies.ts";
import type { Replica } from "./replica.ts";
import { noticesOf, publicConflict, resolution, sortOut } from "./resolution.ts";
import { isNothing, type UndoManager } from "./undo.ts";
import { type Waiter, Waiters } from "./waiters.ts";

/** Answer of the server to one edit, in the terms of the wire. */
export interface ConflictAnswer {
  readonly conflicts: readonly Conflict[];
  readonly currentState: Partial<Snapshot>;
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
  readonly #waiters = new Waiters();
  readonly #inbox: Inbox;
  #toldPending: number;
  #toldKept = true;
  #undoState = "";

  constructor(parts: EditorParts) {
    this.#parts = parts;
    this.#inbox = new Inbox({ ...parts, waiters: this.#waiters, resolve: (id, choice) => this.resolve(id, choice) });
    this.#toldPending = parts.queue.edits.length;
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
    const blind = this.#removesBlindly(payload);
    const plain = !blind && !inverse && !options.command && !options.atomic && !options.together;
    const seq = this.#enqueue(blind ? { ...edit, blind } : edit, plain, time);
    if (waiter) this.#waiters.add(seq, waiter);
    if (!queue.get(seq)) this.#waiters.answer(seq, (one) => one.resolve({ serverRevision: replica.revision }));
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
    this.#inbox.overtake({ ...edit, payload: splitByClaim(edit.payload, claimOf(held)).rest });
    if (isEmptyChangeset(held)) {
      queue.remove(seq);
      this.#waiters.answer(seq, (waiter) => waiter.resolve({ serverRevision: revision }));
    } else {
      this.#again(edit, held);
      replica.insert({ ...edit, payload: held });
    }
    pump();
    this.#inbox.reconsider();
    this.#tell();
  }

  /** Nothing of an edit was applied (C3): what is in conflict goes into the inbox, the rest is sent again at once (R0). */
  inConflict(seq: number, answer: ConflictAnswer): void {
    const { queue, replica, undo, events, pump } = this.#parts;
    const edit = queue.get(seq);
    if (!edit) return;
    const { groups, rest } = sortOut(edit.payload, answer.conflicts, edit.atomic === true);
    const again: Changeset[] = [rest];
    const opened: KeptConflict[] = [];
    const notices: Notice[] = [];
    let refused = false;
    for (const { conflicts, held } of groups) {
      if (!isEmptyChangeset(this.#afterEarlier(edit, held))) again.push(held);
      else if (this.#inbox.waitsBehind(edit, held, conflicts)) continue;
      else if (edit.undo) notices.push(...conflicts.flatMap(noticesOf));
      else if (this.#inbox.followsRejected(edit, held)) refused = true;
      else opened.push(this.#inbox.open(edit, conflicts, held));
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
    for (const conflict of opened) this.#inbox.park(conflict);
    if (opened.length > 0 || refused || isEmptyChangeset(next)) {
      const reason: SendConflict = { type: "conflict", conflictData: answer };
      this.#waiters.answer(seq, (waiter) => waiter.reject(reason));
    }
    this.#changed("rebase");
    pump();
    for (const { id } of opened) {
      const conflict = queue.conflicts.get(id);
      if (conflict) events.emit("conflict", publicConflict(conflict));
    }
    if (opened.length > 0) this.#inbox.announce();
    if (notices.length > 0) events.emit("notice", { notices, reason: "undo_skipped", ...(answer.conflicts[0]?.by ? { by: answer.conflicts[0].by.name } : {}) });
    for (const conflict of opened) this.#inbox.decide(conflict);
    this.#inbox.reconsider();
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
    this.#inbox.reject(edit, edit.payload, error);
    this.#waiters.answer(seq, (waiter) =>
      waiter.reject(new ClientError(error.code, "fix", error.message, error.path === undefined ? {} : { path: error.path })),
    );
    this.#changed("rebase");
    pump();
    this.#inbox.reconsider();
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
    this.#inbox.announce();
  }

  dismiss(id: string): void {
    if (!this.#parts.queue.rejections.has(id))
      throw new ClientError("unknown_rejection", "fix", `There is no refused edit "${id}". It may have been dismissed already.`);
    this.#parts.queue.removeRejection(id);
    this.#parts.pump();
  }

  get conflicts(): readonly OpenConflict[] {
    return this.#inbox.conflicts;
  }

  get rejections(): readonly RejectedEdit[] {
    return this.#inbox.rejections;
  }

  saved(): Promise<void> {
    const { queue } = this.#parts;
    if (queue.edits.length === 0) return Promise.resolve();
    return this.#waiters.saved(queue.lastSeq);
  }

  /** Policies are asked again about conflicts that a reload brought back. */
  decideOpen(): void {
    for (const conflict of [...this.#parts.queue.conflicts.values()]) this.#inbox.decide(conflict);
  }

  /** Conflicts of another tab came into this inbox. */
  inboxGrew(): void {
    this.#inbox.announce();
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
    this.#inbox.close();
    this.#waiters.end(error);
  }

  #removesBlindly(payload: Changeset): true | undefined {
    const removals = operations(payload).filter(({ verb }) => verb === "removed");
    if (removals.length === 0) return undefined;
    const claim = claimOf(changesetOf(removals));
    const { queue, replica } = this.#parts;
    return queue.edits.some((earlier) => replica.isHidden(earlier.seq) && concerns(earlier.payload, claim)) || undefined;
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

  #changed(origin: ChangeEvent["origin"], extra: { readonly intent?: string; readonly by?: string } = {}): void {
    const touched = this.#parts.replica.takeTouched();
    if (touched.size > 0) this.#parts.events.emit("change", { origin, touched, ...extra });
  }

  /** This device has written what waits, or could not. */
  keptChanged(): void {
    this.#tell();
  }

  /** Says what is new about `saved` and undo. */
  #tell(): void {
    const { queue, events, undo } = this.#parts;
    this.#waiters.savedBefore(queue.edits[0]?.seq ?? Number.POSITIVE_INFINITY);
    const pending = queue.edits.length;
    const kept = pending === 0 || queue.persisted;
    if (pending !== this.#toldPending || kept !== this.#toldKept) {
      this.#toldPending = pending;
      this.#toldKept = kept;
      events.emit("saved", { saved: pending === 0, pending, kept });
    }
    const undoState = `${undo.canUndo}/${undo.canRedo}`;
    if (undoState === this.#undoState) return;
    this.#undoState = undoState;
    events.emit("undo", { canUndo: undo.canUndo, canRedo: undo.canRedo });
  }
}
