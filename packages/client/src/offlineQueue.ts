import type { Changeset, Json } from "@livegantt/core";
import type { OpenConflict, RejectedEdit } from "./api.ts";
import type { ClientError } from "./errors.ts";
import { isPromise, type MaybePromise } from "./maybePromise.ts";
import { storageError } from "./storage/failure.ts";
import type { OutboxStorage } from "./storage/storage.ts";

/** An edit that the server has not answered. */
export interface QueuedEdit {
  /** Place in the order in which the person did things. An edit that is sent again in part keeps it. */
  readonly seq: number;
  /** The number under which it was sent (W3). Written down before the first sending, so that a repeat after a crash is known as one. */
  readonly number?: number;
  readonly baseRevision: number;
  readonly payload: Changeset;
  /** Decided on the server; then `payload` is empty. */
  readonly command?: { readonly name: "captureBaseline" | "level"; readonly args: { readonly [name: string]: Json } };
  readonly intent?: string;
  readonly madeAt: string;
  /** No part of it is sent without the others (R0). */
  readonly atomic?: true;
  /** An undo or redo: where somebody else was first it is skipped and told, never put into the inbox (O3). */
  readonly undo?: true;
  /** Removes something that an earlier own edit did not show in, since it fitted no more: the author does not know both. */
  readonly blind?: true;
}

/** A conflict as it is kept: with the edits that wait behind it. */
export interface KeptConflict extends OpenConflict {
  readonly seq: number;
  /** Last edit that was made before this came: later ones were made knowing it and speak for themselves. 0 where it came from another tab. */
  readonly upTo: number;
  /** Later edits of the same, or the part of them that is, in the order in which the person made them: the last one is the last word. */
  readonly waiting: readonly QueuedEdit[];
  readonly atomic?: true;
}

export interface KeptRejection extends RejectedEdit {
  readonly seq: number;
}

interface Meta {
  readonly clientId: string;
  readonly owner: string;
}

const seqText = (seq: number): string => String(seq).padStart(12, "0");

/** What a store holds of one client: used to tell orphans from empty hulls. */
export interface StoredOutbox {
  readonly clientId: string;
  readonly owner: string;
  readonly edits: number;
  readonly kept: number;
}

/** The outboxes of a project on this device. */
export function listOutboxes(entries: readonly (readonly [string, unknown])[], scope: string): StoredOutbox[] {
  const found = new Map<string, { owner: string; edits: number; kept: number }>();
  for (const [key, value] of entries) {
    const [clientId, part] = key.slice(scope.length).split("/").map(decodeURIComponent);
    if (!clientId) continue;
    let outbox = found.get(clientId);
    if (!outbox) {
      outbox = { owner: "", edits: 0, kept: 0 };
      found.set(clientId, outbox);
    }
    if (part === "meta") outbox.owner = String((value as Partial<Meta> | undefined)?.owner ?? "");
    else if (part === "edit") outbox.edits++;
    else outbox.kept++;
  }
  return [...found].map(([clientId, outbox]) => ({ clientId, ...outbox }));
}

/**
 * Everything of one client that must outlive the page: unanswered edits in order, open conflicts, rejections.
 * Changes are collected and written in one piece by `commit`, so that an edit never stands in two places or in none.
 */
export class OfflineQueue {
  readonly clientId: string;
  readonly #prefix: string;
  readonly #storage: OutboxStorage;
  readonly #failed: (error: ClientError) => void;
  readonly #written: () => void;
  readonly #edits: QueuedEdit[] = [];
  readonly conflicts = new Map<string, KeptConflict>();
  readonly rejections = new Map<string, KeptRejection>();
  readonly #puts = new Map<string, unknown>();
  readonly #deletes = new Set<string>();
  #writing: Promise<void> | undefined;
  readonly #awaiting = new Set<() => void>();
  /** Keys that were read. */
  readonly #stored: string[] = [];
  #lastSeq = 0;
  #known = false;
  readonly #owner: string;
  #persisted = true;

  constructor(storage: OutboxStorage, scope: string, clientId: string, owner: string, failed: (error: ClientError) => void, written: () => void = () => {}) {
    this.clientId = clientId;
    this.#owner = owner;
    this.#storage = storage;
    this.#prefix = `${scope}${encodeURIComponent(clientId)}/`;
    this.#failed = failed;
    this.#written = written;
  }

  /** Unanswered edits in the order in which they were made. */
  get edits(): readonly QueuedEdit[] {
    return this.#edits;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** True where everything above would survive a crash now. */
  get persisted(): boolean {
    return this.#storage.durable && this.#persisted && this.#puts.size === 0 && this.#deletes.size === 0 && !this.#writing;
  }

  /** Takes over what the store holds. A damaged entry becomes a rejection that says so; the others go on. */
  load(entries: readonly (readonly [string, unknown])[], now: string): void {
    for (const [key, value] of entries) {
      if (!key.startsWith(this.#prefix)) continue;
      this.#stored.push(key);
      const [part, id = ""] = key.slice(this.#prefix.length).split("/");
      if (part === "meta") this.#known = true;
      else if (part === "edit" && isEdit(value)) this.#edits.push(value);
      else if (part === "conflict" && isKept(value)) this.conflicts.set(value.id, value as KeptConflict);
      else if (part === "rejected" && isKept(value)) this.rejections.set(value.id, value as KeptRejection);
      else {
        this.#deletes.add(key);
        const seq = Number(id) || this.#lastSeq;
        const text = (JSON.stringify(value) ?? "").slice(0, 500);
        this.putRejection({
          id: `damaged-${part}-${id}`,
          seq,
          payload: {},
          madeAt: now,
          code: "damaged_entry",
          message: `An edit kept on this device can no longer be read and was not sent. What is left of it: ${text}`,
        });
      }
    }
    this.#edits.sort((a, b) => a.seq - b.seq);
    for (const { seq } of [...this.#edits, ...this.conflicts.values(), ...this.rejections.values()]) this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  nextSeq(): number {
    return ++this.#lastSeq;
  }

  get(seq: number): QueuedEdit | undefined {
    return this.#edits[this.indexOf(seq)];
  }

  indexOf(seq: number): number {
    return this.#edits.findIndex((edit) => edit.seq === seq);
  }

  put(edit: QueuedEdit): void {
    const last = this.#edits.at(-1);
    if (!last || last.seq < edit.seq) this.#edits.push(edit);
    else {
      const at = this.#edits.findIndex(({ seq }) => seq >= edit.seq);
      this.#edits.splice(at, this.#edits[at]?.seq === edit.seq ? 1 : 0, edit);
    }
    this.#keep(`edit/${seqText(edit.seq)}`, edit);
  }

  remove(seq: number): void {
    const at = this.indexOf(seq);
    if (at < 0) return;
    this.#edits.splice(at, 1);
    this.#drop(`edit/${seqText(seq)}`);
  }

  putConflict(conflict: KeptConflict): void {
    this.conflicts.set(conflict.id, conflict);
    this.#keep(`conflict/${conflict.id}`, conflict);
  }

  removeConflict(id: string): void {
    if (this.conflicts.delete(id)) this.#drop(`conflict/${id}`);
  }

  putRejection(rejection: KeptRejection): void {
    this.rejections.set(rejection.id, rejection);
    this.#keep(`rejected/${rejection.id}`, rejection);
  }

  removeRejection(id: string): void {
    if (this.rejections.delete(id)) this.#drop(`rejected/${id}`);
  }

  /** Writes what changed. Answers when it is safe; a store that fails is reported and tried again with the next change. */
  commit(): MaybePromise<void> {
    if (this.#writing) return this.#writing.then(() => this.commit());
    if (this.#puts.size === 0 && this.#deletes.size === 0) return;
    const puts = [...this.#puts];
    const deletes = [...this.#deletes];
    this.#puts.clear();
    this.#deletes.clear();
    const failed = (error: unknown): void => {
      for (const [key, value] of puts) if (!this.#puts.has(key) && !this.#deletes.has(key)) this.#puts.set(key, value);
      for (const key of deletes) if (!this.#puts.has(key)) this.#deletes.add(key);
      this.#persisted = false;
      this.#written();
      this.#failed(storageError(error));
    };
    try {
      const written = this.#storage.write(puts, deletes);
      if (!isPromise(written)) {
        this.#succeeded();
        return;
      }
      this.#writing = written.then(
        () => {
          this.#writing = undefined;
          this.#succeeded();
        },
        (error: unknown) => {
          this.#writing = undefined;
          failed(error);
        },
      );
      return this.#writing;
    } catch (error) {
      failed(error);
    }
  }

  /** Writes what changed, and resolves when it is written, however often the store fails before. */
  async commitSurely(): Promise<void> {
    await this.commit();
    // What failed is part of the next write.
    if (!this.#persisted) await new Promise<void>((resolve) => this.#awaiting.add(resolve));
  }

  #succeeded(): void {
    this.#persisted = true;
    this.#written();
    for (const resolve of this.#awaiting) resolve();
    this.#awaiting.clear();
  }

  /** Takes over what another client left undecided, and wipes that client's entries, in one piece with the next commit. */
  inherit(orphan: OfflineQueue): void {
    for (const conflict of orphan.conflicts.values()) this.putConflict({ ...conflict, seq: 0, upTo: 0 });
    for (const rejection of orphan.rejections.values()) this.putRejection({ ...rejection, seq: 0 });
    for (const key of orphan.#stored) this.#deletes.add(key);
  }

  #keep(name: string, value: unknown): void {
    if (!this.#known) {
      this.#known = true;
      this.#puts.set(`${this.#prefix}meta`, { clientId: this.clientId, owner: this.#owner } satisfies Meta);
    }
    const key = this.#prefix + name;
    this.#deletes.delete(key);
    this.#puts.set(key, value);
  }

  #drop(name: string): void {
    const key = this.#prefix + name;
    this.#puts.delete(key);
    this.#deletes.add(key);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function isEdit(value: unknown): value is QueuedEdit {
  if (!isObject(value) || !isObject(value.payload) || typeof value.madeAt !== "string") return false;
  const count = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0;
  return count(value.seq) && count(value.baseRevision) && (value.number === undefined || count(value.number)) && Object.values(value.payload).every(isObject);
}

const isKept = (value: unknown): value is { readonly id: string } =>
  isObject(value) && typeof value.id === "string" && isObject(value.payload) && Number.isSafeInteger(value.seq);
