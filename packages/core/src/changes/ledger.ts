import type { RecordKind, StoredRecord } from "../model/collections.ts";
import { registerOf } from "../model/fields.ts";
import { equalJson } from "../model/json.ts";
import { recordToJSON } from "../model/save.ts";
import { storedFromJSON } from "../model/stored.ts";
import type { Notice } from "./changeset.ts";
import type { Step } from "./transaction.ts";

/** Who wrote something, in which revision and when. */
export interface Stamp {
  readonly revision: number;
  readonly clientId: string;
  readonly name: string;
  /** Arrival in ms since the epoch. */
  readonly at: number;
  /** ISO time when the person did it, where it differs from the arrival (O6). */
  readonly madeAt?: string;
}

/** A removed record: content and former place, until it is pruned. Records removed in one revision belong together (K8). */
export interface Tombstone {
  readonly kind: Exclude<RecordKind, "project">;
  readonly record: StoredRecord;
  readonly stamp: Stamp;
}

interface Entry {
  created?: Stamp;
  readonly registers: Map<string, Stamp>;
  /** M6, K1: order keys that a repair or rebalance replaced; whoever still saw one of them saw the current place. */
  formerKeys?: readonly string[];
}

const keyOf = (kind: RecordKind, id: string): string => `${kind}/${id}`;
/** A place that is repaired over and over keeps this many former keys. */
const maxFormerKeys = 64;

/**
 * What the decider alone knows beside the plan: per register the last revision, author and time; tombstones; aliases.
 * A register without a stamp was never written since the project was created.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #tombstones = new Map<string, Tombstone>();
  readonly #aliases = new Map<string, string>();

  /** Last writer of a register; a register untouched since its record was added was written by whoever added it. */
  stamp(kind: RecordKind, id: string, register: string): Stamp | undefined {
    const entry = this.#entries.get(keyOf(kind, id));
    return entry && (entry.registers.get(register) ?? entry.created);
  }

  created(kind: RecordKind, id: string): Stamp | undefined {
    return this.#entries.get(keyOf(kind, id))?.created;
  }

  /** Registers of a record that somebody other than `clientId` wrote after `revision`, newest last. */
  writtenByOthers(kind: RecordKind, id: string, revision: number, clientId: string): { readonly register: string; readonly stamp: Stamp }[] {
    const entry = this.#entries.get(keyOf(kind, id));
    if (!entry) return [];
    const found: { register: string; stamp: Stamp }[] = [];
    for (const [register, stamp] of entry.registers) if (stamp.revision > revision && stamp.clientId !== clientId) found.push({ register, stamp });
    return found.sort((a, b) => a.stamp.revision - b.stamp.revision);
  }

  formerKeys(task: string): readonly string[] {
    return this.#entries.get(keyOf("tasks", task))?.formerKeys ?? [];
  }

  tombstone(kind: RecordKind, id: string): Tombstone | undefined {
    return this.#tombstones.get(keyOf(kind, id));
  }

  /** Everything that was removed in one revision. */
  removedIn(revision: number): Tombstone[] {
    return [...this.#tombstones.values()].filter((tombstone) => tombstone.stamp.revision === revision);
  }

  /** The living id behind an id that was merged into another record (K6). */
  resolve(kind: RecordKind, id: string): string {
    return this.#aliases.get(keyOf(kind, id)) ?? id;
  }

  /**
   * Takes note of committed steps. Repairs of order keys keep the register's revision and author (K1), unless the same change also put the task there.
   * @returns a function that takes the note back, valid while it is the newest.
   */
  record(steps: readonly Step[], notices: readonly Notice[], stamp: Stamp): () => void {
    const undo: (() => void)[] = [];
    const repaired = new Map(notices.filter((notice) => notice.kind === "key_repaired").map((notice) => [notice.id, notice.previous]));
    for (const { kind, id, before, after } of steps) {
      const key = keyOf(kind, id);
      const entry = this.#entries.get(key);
      const tombstone = this.#tombstones.get(key);
      undo.push(() => {
        restore(this.#entries, key, entry);
        restore(this.#tombstones, key, tombstone);
      });
      if (!after) {
        this.#entries.delete(key);
        if (before && kind !== "project") this.#tombstones.set(key, { kind, record: before, stamp });
        continue;
      }
      this.#tombstones.delete(key);
      if (!before) {
        // The id is this record's own again, should it have been an alias (K6).
        const alias = this.#aliases.get(key);
        this.#aliases.delete(key);
        undo.push(() => restore(this.#aliases, key, alias));
      }
      const next: Entry = before ? { ...entry, registers: new Map(entry?.registers) } : { created: stamp, registers: new Map() };
      if (before)
        for (const register of changedRegisters(kind, before, after)) {
          if (register === "placement" && before.parentId === after.parentId && before.orderKey === repaired.get(id)) continue;
          next.registers.set(register, stamp);
          if (register === "placement") delete next.formerKeys;
        }
      const former = repaired.get(id);
      if (kind === "tasks" && typeof former === "string") next.formerKeys = [...(next.formerKeys ?? []), former].slice(-maxFormerKeys);
      this.#entries.set(key, next);
    }
    for (const notice of notices) {
      if (notice.kind !== "merged_into" || typeof notice.previous !== "string") continue;
      const alias = keyOf(notice.collection as RecordKind, notice.previous);
      const earlier = this.#aliases.get(alias);
      this.#aliases.set(alias, notice.id);
      undo.push(() => restore(this.#aliases, alias, earlier));
    }
    return () => {
      for (const step of undo.reverse()) step();
    };
  }

  /** D3: forgets tombstones and aliases' targets removed before a time (ms). Edits of such records are then `…_not_found` without an offer to restore. */
  prune(before: number): void {
    for (const [key, tombstone] of this.#tombstones) if (tombstone.stamp.at < before) this.#tombstones.delete(key);
  }

  /** Plain JSON; authors are written once each. */
  toJSON(): LedgerJSON {
    const stamps: Stamp[] = [];
    const numbers = new Map<Stamp, number>();
    const number = (stamp: Stamp): number => {
      let n = numbers.get(stamp);
      if (n === undefined) {
        n = stamps.push(stamp) - 1;
        numbers.set(stamp, n);
      }
      return n;
    };
    return {
      entries: [...this.#entries].map(([key, entry]) => {
        const written = Object.fromEntries([...entry.registers].map(([register, stamp]) => [register, number(stamp)]));
        const created = entry.created ? number(entry.created) : -1;
        return entry.formerKeys ? ([key, created, written, entry.formerKeys] as const) : ([key, created, written] as const);
      }),
      tombstones: [...this.#tombstones.values()].map(({ kind, record, stamp }) => [kind, recordToJSON(kind, record), number(stamp)]),
      aliases: [...this.#aliases],
      stamps,
    };
  }

  static fromJSON(json: LedgerJSON): Ledger {
    const ledger = new Ledger();
    const stampAt = (n: number): Stamp => json.stamps[n] as Stamp;
    for (const [key, created, registers, formerKeys] of json.entries)
      ledger.#entries.set(key, {
        ...(created >= 0 ? { created: stampAt(created) } : {}),
        registers: new Map(Object.entries(registers).map(([register, n]) => [register, stampAt(n)])),
        ...(formerKeys ? { formerKeys } : {}),
      });
    for (const [kind, record, n] of json.tombstones)
      ledger.#tombstones.set(keyOf(kind, record.id), { kind, record: storedFromJSON(kind, record), stamp: stampAt(n) });
    for (const [alias, id] of json.aliases) ledger.#aliases.set(alias, id);
    return ledger;
  }
}

export interface LedgerJSON {
  readonly entries: readonly (readonly [key: string, created: number, registers: Record<string, number>, formerKeys?: readonly string[]])[];
  readonly tombstones: readonly (readonly [kind: Tombstone["kind"], record: StoredRecord, stamp: number])[];
  readonly aliases: readonly (readonly [alias: string, id: string])[];
  readonly stamps: readonly Stamp[];
}

function restore<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function changedRegisters(kind: RecordKind, before: StoredRecord, after: StoredRecord): Set<string> {
  const changed = new Set<string>();
  for (const field in after) if (before[field] !== after[field] && !equalJson(before[field], after[field])) changed.add(registerOf(kind, field));
  for (const field in before) if (!(field in after)) changed.add(registerOf(kind, field));
  return changed;
}
