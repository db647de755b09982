import type { LiveEvents } from "@livegantt/client";
import {
  type Changeset,
  type Conflict,
  type Json,
  type Notice,
  type ProjectState,
  type RecordKind,
  recordKinds,
  registerOf,
  type StoredRecord,
  sameValue,
} from "@livegantt/core";
import { differingRegisters, type Fields, holds, linesOf, pairOf, placeKey, recordKey, type Values, valuesOf, writes } from "./values.ts";

/** How a value came into a view: by hand, or by an action that wrote older values anew. */
export type Via = "edit" | "undo" | "redo" | "resolve";

/** A value that a person entered, until it has come to one of its ends. */
export interface Entry {
  readonly order: number;
  readonly clientId: string;
  readonly person: string;
  readonly at: number;
  readonly kind: RecordKind;
  readonly id: string;
  readonly register: string;
  readonly value: Values;
  /** What stood there in the author's view. */
  readonly before: Values | undefined;
  /** Server revision that the view stood on. */
  readonly base: number;
  readonly via: Via;
  /** The two ends of a link or an assignment: what counts is what joins them, under whatever id (K6). */
  readonly pair: string | undefined;
  /** It would survive a crash of its page. */
  kept: boolean;
  /**
   * `own`: its author replaced or gave it up, seeing it. `told`: its author was told that it was skipped or replaced. `unkept`: its page crashed before it was
   * kept, as the page had said.
   */
  end?: "own" | "told" | "unkept";
}

type Records = ReadonlyMap<string, StoredRecord>;

/** The records of a view at one time. */
export function recordsOf(state: ProjectState): ReadonlyMap<RecordKind, Records> {
  return new Map(
    recordKinds.map((kind) => [kind, kind === "project" ? new Map([[state.project.id, state.project as StoredRecord]]) : new Map(state.map(kind))]),
  );
}

export interface Author {
  readonly clientId: string;
  readonly person: string;
}

/** Follows every value that a person entered (P4). */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly #byPlace = new Map<string, Entry[]>();
  /** Values that a client was shown, beside those that its own entries replaced: the server's side of conflicts. */
  readonly #shown = new Map<string, Fields[]>();
  /** What a client's view held of a record when it took it away, and the server revision that it stood on. */
  readonly #removals = new Map<string, { base: number; readonly records: StoredRecord[] }>();
  #unkept: Entry[] = [];

  /** An action of a person: whatever differs in the view is what they entered. */
  enter(author: Author, via: Via, at: number, base: number, before: ReadonlyMap<RecordKind, Records>, state: ProjectState, kept: boolean): Entry[] {
    const fresh: Entry[] = [];
    const after = recordsOf(state);
    const calendars = before.get("calendars") as Records;
    // Who used a calendar that goes falls back to another: nobody entered that.
    const fallsBack = (former: StoredRecord | undefined, register: string): boolean =>
      (register === "calendar" || register === "parentId") &&
      typeof former?.[register] === "string" &&
      calendars.has(former[register]) &&
      !state.calendars.has(former[register]);
    for (const kind of recordKinds) {
      const [old, now] = [before.get(kind) as Records, after.get(kind) as Records];
      for (const [id, record] of now) {
        const former = old.get(id);
        if (former !== record)
          for (const register of differingRegisters(kind, former, record))
            this.#enter(fallsBack(former, register) ? [] : fresh, author, via, at, base, kind, id, register, former, record, kept, fallsBack(former, register));
      }
      for (const [id, former] of old) if (!now.has(id)) this.#remove(author, base, kind, id, former);
    }
    return fresh;
  }

  #enter(
    fresh: Entry[],
    author: Author,
    via: Via,
    at: number,
    base: number,
    kind: RecordKind,
    id: string,
    register: string,
    former: StoredRecord | undefined,
    record: StoredRecord,
    kept: boolean,
    isFallback: boolean,
  ): void {
    if (register === "origin") return;
    const before = former && valuesOf(kind, register, former);
    let value = valuesOf(kind, register, record);
    if (!former && Object.values(value).every((one) => one === null)) return;
    // A task that becomes manual takes the start that the schedule gives it: nobody entered that one.
    if (register === "manual" && former?.manuallyScheduled !== true) value = { manuallyScheduled: value.manuallyScheduled ?? null };
    const entry: Entry = { order: this.entries.length, ...author, at, kind, id, register, value, before, base, via, pair: pairOf(kind, record), kept };
    const own = this.of(author.clientId, kind, id, register);
    for (const earlier of own)
      if (earlier.end === undefined && ((before && holds(kind, before, earlier.value)) || sameValues(kind, earlier.value, value))) earlier.end = "own";
    if (isFallback) entry.end = "own";
    own.push(entry);
    this.entries.push(entry);
    fresh.push(entry);
    if (!kept) this.#unkept.push(entry);
  }

  #remove({ clientId }: Author, base: number, kind: RecordKind, id: string, former: StoredRecord): void {
    const key = `${clientId}|${recordKey(kind, id)}`;
    const removal = this.#removals.get(key) ?? { base, records: [] };
    removal.base = Math.max(base, removal.base);
    removal.records.push(former);
    this.#removals.set(key, removal);
    // A place may have been repaired meanwhile: it goes with the record all the same.
    for (const field of Object.keys(former))
      for (const entry of this.of(clientId, kind, id, registerOf(kind, field)))
        if (entry.end === undefined && (entry.register === "placement" || holds(kind, former, entry.value))) entry.end = "own";
  }

  /** What one client entered into a register, in its order. */
  of(clientId: string, kind: RecordKind, id: string, register: string): Entry[] {
    const key = `${clientId}|${placeKey(kind, id, register)}`;
    let list = this.#byPlace.get(key);
    if (!list) {
      list = [];
      this.#byPlace.set(key, list);
    }
    return list;
  }

  removalBase(clientId: string, kind: RecordKind, id: string): number | undefined {
    return this.#removals.get(`${clientId}|${recordKey(kind, id)}`)?.base;
  }

  /** Did a client's view hold these values when it took the record away? */
  wasRemovedWith(clientId: string, kind: RecordKind, id: string, register: string, values: Values): boolean {
    const records = this.#removals.get(`${clientId}|${recordKey(kind, id)}`)?.records ?? [];
    return records.some((record) => sameValues(kind, valuesOf(kind, register, record), values));
  }

  /** The author gave up what a payload says: accepted the other side, merged by hand, dismissed. */
  giveUp(payload: Changeset, clientIds: ReadonlySet<string>): void {
    for (const line of linesOf(payload)) {
      const pair = line.verb === "added" ? pairOf(line.kind, line.fields) : undefined;
      for (const entry of this.entries) {
        if (entry.end !== undefined || entry.kind !== line.kind || !clientIds.has(entry.clientId)) continue;
        const isMeant = entry.id === line.id || (pair !== undefined && entry.pair === pair);
        if (isMeant && (entry.register === "ends" || writes(line, entry.register, entry.value))) entry.end = "own";
      }
    }
  }

  /** A value that another client of the same person had entered was entered again. */
  takeOver({ order, person, kind, id, register, value, pair }: Entry): void {
    for (const entry of this.entries)
      if (
        entry.order < order &&
        entry.end === undefined &&
        entry.person === person &&
        entry.kind === kind &&
        entry.register === register &&
        (entry.id === id || (pair !== undefined && entry.pair === pair)) &&
        sameValues(kind, entry.value, value)
      )
        entry.end = "own";
  }

  /** Was a conflict about this record put before this client, or before a policy on its behalf? */
  wasConfronted(clientId: string, kind: RecordKind, id: string): boolean {
    return this.#shown.has(`${clientId}|${recordKey(kind, id)}`);
  }

  show(clientId: string, conflicts: readonly Conflict[]): void {
    for (const { collection, id, fields } of conflicts) {
      const server: Record<string, Json> = {};
      for (const field in fields) server[field] = (fields[field]?.server ?? null) as Json;
      const key = `${clientId}|${recordKey(collection, id)}`;
      this.#shown.set(key, [...(this.#shown.get(key) ?? []), server]);
    }
  }

  /** Had this client been shown these values by the time it entered something? */
  wasShown(clientId: string, kind: RecordKind, id: string, register: string, values: Fields, upTo: number): boolean {
    const shown = this.#shown.get(`${clientId}|${recordKey(kind, id)}`) ?? [];
    const within = (part: Fields): boolean =>
      Object.keys(part).every((field) => registerOf(kind, field) !== register || sameValue(kind, field, part[field], values[field]));
    if (shown.some((part) => Object.keys(part).some((field) => registerOf(kind, field) === register) && within(part))) return true;
    return this.of(clientId, kind, id, register).some(({ order, before }) => order <= upTo && before !== undefined && within(before));
  }

  told(clientId: string, { notices, reason }: LiveEvents["notice"]): void {
    if (reason !== undefined)
      for (const entry of this.entries)
        if (entry.clientId === clientId && entry.end === undefined && (entry.via === "undo" || entry.via === "redo")) entry.end = "told";
    for (const notice of notices) if (notice.kind === "overwritten" && notice.register !== undefined) this.#tell(clientId, notice);
  }

  #tell(clientId: string, { collection, id, register = "", previous }: Notice): void {
    const kind = collection as RecordKind;
    for (const entry of this.of(clientId, kind, id, registerOf(kind, register))) {
      const single = Object.keys(entry.value).includes(register);
      const says =
        single && (typeof previous !== "object" || previous === null || Array.isArray(previous)) ? { [register]: previous as Json } : (previous as Values);
      const agrees = Object.keys(says ?? {}).every((field) => !(field in entry.value) || sameValue(kind, field, says[field], entry.value[field]));
      if (entry.end === undefined && agrees) entry.end = "told";
    }
  }

  /** What was entered so far on a page is kept there. */
  keep(clientId: string): void {
    if (this.#unkept.length === 0) return;
    for (const entry of this.#unkept) if (entry.clientId === clientId) entry.kept = true;
    this.#unkept = this.#unkept.filter(({ kept }) => !kept);
  }

  /** A page crashed: what was not kept may be gone. */
  crash(clientId: string): void {
    for (const entry of this.#unkept) if (entry.clientId === clientId) entry.end ??= "unkept";
    this.#unkept = this.#unkept.filter((entry) => entry.clientId !== clientId);
  }

  get hasUnkept(): boolean {
    return this.#unkept.length > 0;
  }
}

const sameValues = (kind: RecordKind, a: Values, b: Values): boolean => Object.keys(a).every((field) => sameValue(kind, field, a[field], b[field]));
