import {
  applyNormalised,
  type Changeset,
  type Notice,
  type ProjectState,
  projectFromSnapshot,
  type RecordKind,
  registerOf,
  type Snapshot,
  type StoredRecord,
  sameValue,
} from "@livegantt/core";
import type { ChangeRow } from "@livegantt/server";
import type { Ledger } from "./ledger.ts";
import { differingRegisters, holds, type Line, linesOf, pairOf, placeKey, recordKey, registersOf, type Values, valuesOf, writes } from "./values.ts";
import { type Message, numberKey, type Wire } from "./wire.ts";

/** A register got a value, or went with its record. */
export interface Landing {
  readonly revision: number;
  readonly clientId: string;
  readonly values: Values | undefined;
}

/**
 * The durable log, read from the beginning. Holds it against P3 (each change once, no gap), and each replacement of a value against P4: whoever replaced what
 * somebody else had entered had seen it, or the other was told.
 */
export class History {
  readonly state: ProjectState;
  readonly problems: string[] = [];
  readonly rows: readonly ChangeRow[];
  readonly #initial: ProjectState;
  readonly #timeline = new Map<string, Landing[]>();
  readonly #aliases = new Map<string, string>();
  /** Registers that a record ever had a value in. */
  readonly #registers = new Map<string, Set<string>>();
  /** Ids of all records that ever joined a pair. */
  readonly #pairs = new Map<string, Set<string>>();
  /** Keys that a repair replaced: what a task's author had entered, and others may have seen. */
  readonly #formerKeys = new Map<string, Set<string>>();
  readonly #wire: Wire;
  readonly #ledger: Ledger;

  constructor(initial: Snapshot, rows: readonly ChangeRow[], wire: Wire, ledger: Ledger) {
    this.state = projectFromSnapshot(initial);
    this.#initial = projectFromSnapshot(initial);
    this.rows = rows;
    this.#wire = wire;
    this.#ledger = ledger;
    for (const kind of ["dependencies", "assignments"] as const) for (const record of this.state.map(kind).values()) this.#notePair(kind, record);
    const numbers = new Map<string, number>();
    for (const row of rows) {
      const key = numberKey(row.clientId, row.clientRevision);
      const twin = numbers.get(key);
      if (twin !== undefined)
        this.problems.push(`P3 number ${row.clientRevision} of client ${row.clientId} is in the log twice, as revisions ${twin} and ${row.revision}`);
      numbers.set(key, row.revision);
      if (row.revision !== this.state.revision + 1) this.problems.push(`W1 revision ${row.revision} follows ${this.state.revision}`);
      this.#replay(row);
      this.state.revision = row.revision;
    }
    for (const [key, answer] of wire.answers)
      if (answer.type === "ack" && !numbers.has(key) && !wire.messages.has(key)) this.problems.push(`P3 ${key} was acknowledged and nobody sent it`);
    for (const [key, revision] of numbers) {
      const answer = wire.answers.get(key);
      if (answer && answer.type !== "ack") this.problems.push(`P3 ${key} is revision ${revision} and was answered with ${answer.text}`);
      else if (answer && answer.serverRevision !== revision) this.problems.push(`P3 ${key} is revision ${revision}, its ack says ${answer.serverRevision}`);
    }
  }

  /** The record that an id names after merges (K6). */
  resolve(kind: RecordKind, id: string): string {
    let at = id;
    for (let next = this.#aliases.get(recordKey(kind, at)); next !== undefined && next !== at; next = this.#aliases.get(recordKey(kind, at))) at = next;
    return at;
  }

  /** Every id under which a record may be found: its own, the one it was merged into, those of other records with the same ends. */
  idsOf(kind: RecordKind, id: string, pair: string | undefined): ReadonlySet<string> {
    return new Set([id, this.resolve(kind, id), ...((pair !== undefined && this.#pairs.get(`${kind}/${pair}`)) || [])]);
  }

  #notePair(kind: RecordKind, record: StoredRecord): void {
    const pair = pairOf(kind, record);
    if (pair === undefined) return;
    const ids = this.#pairs.get(`${kind}/${pair}`);
    if (ids) ids.add(record.id);
    else this.#pairs.set(`${kind}/${pair}`, new Set([record.id]));
  }

  /** A record as it was before the first revision. */
  initial(kind: RecordKind, id: string): StoredRecord | undefined {
    return this.#initial.get(kind, id);
  }

  landings(kind: RecordKind, id: string, register: string): readonly Landing[] {
    return this.#timeline.get(placeKey(kind, id, register)) ?? [];
  }

  #replay(row: ChangeRow): void {
    const payload = JSON.parse(row.payload) as Changeset;
    const notices = (row.notices === null ? [] : JSON.parse(row.notices)) as readonly Notice[];
    const touched = new Map(
      linesOf(payload).map(({ kind, id }) => [recordKey(kind, id), { kind, id, before: this.state.get(kind, id) as StoredRecord | undefined }]),
    );
    applyNormalised(this.state, payload);
    for (const { kind, collection, id, previous } of notices) {
      if (kind === "key_repaired") this.#formerKeys.set(id, (this.#formerKeys.get(id) ?? new Set()).add(String(previous)));
      const merged = recordKey(collection, String(previous));
      if (kind === "merged_into" && this.state.get(collection as RecordKind, String(previous)) === undefined) this.#aliases.set(merged, id);
    }
    const message = this.#wire.messages.get(numberKey(row.clientId, row.clientRevision));
    if (message) this.#checkClaims(row, message);
    for (const { kind, id, before } of touched.values()) {
      const after = this.state.get(kind, id) as StoredRecord | undefined;
      if (after) {
        this.#aliases.delete(recordKey(kind, id));
        this.#notePair(kind, after);
      }
      const known = this.#registers.get(recordKey(kind, id)) ?? new Set();
      this.#registers.set(recordKey(kind, id), known);
      // Who takes a record away or brings it back does so with all its registers, the unset ones too.
      for (const register of new Set([...differingRegisters(kind, before, after), ...(before && after ? [] : known)])) {
        if (register === "origin") continue;
        known.add(register);
        const key = placeKey(kind, id, register);
        const line = this.#timeline.get(key) ?? [];
        const former = line.at(-1);
        if (before && former?.values && former.clientId !== row.clientId) this.#judge(row, message, notices, kind, id, register, former, before, after);
        line.push({ revision: row.revision, clientId: row.clientId, values: after && valuesOf(kind, register, after) });
        this.#timeline.set(key, line);
      }
    }
  }

  /** A client may not say that it stood on a later revision than it did when its author acted. */
  #checkClaims(row: ChangeRow, { lines, baseRevision, command }: Message): void {
    if (command) return;
    for (const line of lines) {
      // What was seen is said by `was`; where it is not, the revision speaks for it.
      const said = new Set(Object.keys(line.was ?? {}).map((field) => registerOf(line.kind, field)));
      if (this.#ledger.wasConfronted(row.clientId, line.kind, line.id)) continue;
      const bases: number[] = [];
      if (line.verb === "removed") bases.push(this.#ledger.removalBase(row.clientId, line.kind, line.id) ?? Number.POSITIVE_INFINITY);
      else
        for (const register of [...registersOf(line)].filter((one) => !said.has(one)))
          for (const entry of this.#ledger.of(row.clientId, line.kind, line.id, register)) if (writes(line, register, entry.value)) bases.push(entry.base);
      if (bases.length > 0 && Math.max(...bases) < baseRevision)
        this.problems.push(
          `P4 revision ${row.revision}: ${row.author} edited ${line.kind}/${line.id} at revision ${Math.max(...bases)}, but the message claims ${baseRevision}`,
        );
    }
  }

  #judge(
    row: ChangeRow,
    message: Message | undefined,
    notices: readonly Notice[],
    kind: RecordKind,
    id: string,
    register: string,
    former: Landing,
    before: StoredRecord,
    after: StoredRecord | undefined,
  ): void {
    if (message?.command) return;
    if (isTold(notices, kind, id, register, after === undefined)) return;
    const old = valuesOf(kind, register, before);
    const why = message ? this.#unseen(row, message, kind, id, register, former, old, after) : "by a message that nobody sent";
    if (why !== undefined)
      this.problems.push(
        `P4 revision ${row.revision}: ${row.author} ${after ? "replaced" : "removed"} ${kind}/${id} ${register} ${JSON.stringify(old)} of revision ${former.revision} (${former.clientId}) ${why}`,
      );
  }

  /** Why a value was not seen by whoever replaced it; undefined where it was. */
  #unseen(
    row: ChangeRow,
    { lines, baseRevision }: Message,
    kind: RecordKind,
    id: string,
    register: string,
    former: Landing,
    old: Values,
    after: StoredRecord | undefined,
  ): string | undefined {
    const knew = baseRevision >= former.revision;
    const line = lines.find((one) => one.kind === kind && this.resolve(kind, one.id) === id && one.verb !== "removed");
    // Whoever took a record away had seen what their view held of it, also where it was brought back meanwhile.
    if (!after && this.#ledger.wasRemovedWith(row.clientId, kind, id, register, old)) return undefined;
    if (!after || !line) return knew ? undefined : `without having seen it: its view stood on revision ${baseRevision}`;
    const given = Object.keys(line.was ?? {}).filter((field) => registerOf(kind, field) === register && field in old);
    const isFormer = (field: string): boolean => field === "orderKey" && (this.#formerKeys.get(id)?.has(String(line.was?.[field])) ?? false);
    const stale = given.filter((field) => !sameValue(kind, field, line.was?.[field], old[field]) && !isFormer(field));
    if (stale.length > 0) return `and had seen ${JSON.stringify(Object.fromEntries(given.map((field) => [field, line.was?.[field]])))}`;
    if (given.length === 0 && !knew) return `without saying what it had seen, on revision ${baseRevision}`;
    return this.#wasTrue(row, line, register, former, old) ? undefined : "and says that it had seen it, which is not true";
  }

  /** Had the author's view really shown the old value when the new one was entered? */
  #wasTrue(row: ChangeRow, line: Line, register: string, former: Landing, old: Values): boolean {
    // Keys of places are repaired in views too.
    if (register === "placement") return true;
    const ids = new Set([line.id, this.resolve(line.kind, line.id)]);
    const entries = [...ids].flatMap((id) => this.#ledger.of(row.clientId, line.kind, id, register)).filter(({ value }) => writes(line, register, value));
    if (entries.length === 0) return true;
    // Who adds a link again while a conflict about it is shown has been told what stands there.
    if (line.verb === "added" && this.#ledger.wasConfronted(row.clientId, line.kind, this.resolve(line.kind, line.id))) return true;
    // An own word that somebody else brought back is known.
    const own = this.landings(line.kind, this.resolve(line.kind, line.id), register).filter(({ clientId }) => clientId === row.clientId);
    if (own.some(({ values }) => values !== undefined && holds(line.kind, old, values))) return true;
    // Who adds a record and writes it in one go has seen the defaults.
    return entries.some(
      ({ base, order, before }) =>
        base >= former.revision || (!before && holds(line.kind, {}, old)) || this.#ledger.wasShown(row.clientId, line.kind, line.id, register, old, order),
    );
  }
}

/** K11: the change's notices say what happened to this register. */
export function isTold(notices: readonly Notice[], kind: RecordKind, id: string, register: string, removed: boolean): boolean {
  return notices.some((notice) => {
    if (notice.collection !== kind || notice.id !== id) return false;
    if (notice.kind === "cascaded") return removed || notice.register === register;
    if (notice.kind === "overwritten") return notice.register === register;
    return (notice.kind === "rescued" || notice.kind === "key_repaired") && register === "placement";
  });
}
