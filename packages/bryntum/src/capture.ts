import {
  type AddedRecord,
  type Changeset,
  equalJson,
  type Json,
  type Registers,
  type RemovedRecord,
  type StoredRecord,
  type UpdatedRecord,
} from "@livegantt/core";
import { childrenOf, isSummary, parentIdOf, type SyncedCollection, type SyncedKind, storeOf, syncedCollections, wireId } from "./kinds.ts";
import { placeChildren } from "./placing.ts";
import { type Reading, readProject, readRecord, registerSpeaks, sameValue } from "./read.ts";
import type { KindMap, MappedRegister } from "./registers.ts";
import type { Dirty, Entry, Shadow } from "./shadow.ts";
import type { ModelLike, ProjectLike } from "./types.ts";

export interface CaptureContext {
  readonly project: ProjectLike;
  readonly shadow: Shadow;
  readonly maps: Readonly<Record<SyncedKind, KindMap>>;
  /** Names this replica in blocks of order keys. */
  readonly run: string;
  newId(): string;
  /** While the chart's own undo runs: whether somebody else wrote this register after the edit that is being taken back. */
  isForeign(kind: SyncedKind, id: string, register: string | null): boolean;
}

/** What the person did since the shadow was level, as one action. */
export interface Captured {
  readonly payload: Changeset;
  /** Entries that the shadow gets once the plan has taken the payload. */
  readonly entries: readonly { readonly kind: SyncedKind; readonly id: string; readonly entry: Entry | undefined }[];
  /** Records that the chart shows otherwise than the plan has them, and that are the chart's to correct. */
  readonly correct: readonly { readonly kind: SyncedKind; readonly id: string }[];
}

interface Work {
  readonly added: Map<string, Record<string, Json>>;
  readonly updated: Map<string, { changes: Record<string, Json>; was: Record<string, Json> }>;
  readonly removed: Map<string, StoredRecord>;
}

const emptyWork = (): Work => ({ added: new Map(), updated: new Map(), removed: new Map() });

/** Reads the records that may have changed and turns what differs from the shadow into a changeset. Changes nothing. */
export function capture(context: CaptureContext, dirty: Dirty): Captured {
  const edits = new Edits(context);
  for (const kind of syncedCollections) for (const id of dirty.ids[kind]) edits.record(kind, id, dirty.parents);
  for (const parent of dirty.parents) edits.order(parent);
  if (dirty.project) edits.project();
  return edits.result();
}

class Edits {
  readonly #context: CaptureContext;
  readonly #work: Record<SyncedKind, Work> = {
    calendars: emptyWork(),
    resources: emptyWork(),
    tasks: emptyWork(),
    dependencies: emptyWork(),
    assignments: emptyWork(),
    project: emptyWork(),
  };
  readonly #entries = new Map<string, { kind: SyncedKind; id: string; entry: Entry | undefined }>();
  readonly #correct: { kind: SyncedKind; id: string }[] = [];

  constructor(context: CaptureContext) {
    this.#context = context;
  }

  record(kind: SyncedCollection, id: string, parents: Set<string | null>): void {
    const { project, shadow, maps } = this.#context;
    const record = storeOf(project, kind).getById(id);
    const entry = shadow.get(kind, id);
    if (!record || record.isRoot) {
      if (entry) this.#remove(kind, id, entry);
      return;
    }
    const reading = readRecord(maps[kind], record);
    if (!entry) {
      this.#add(kind, id, record, reading);
      if (kind === "tasks") parents.add(parentIdOf(record));
      return;
    }
    const summary = kind === "tasks" && isSummary(record);
    if (kind === "tasks") {
      const before = entry.base.parentId ?? null;
      const now = parentIdOf(record);
      if (before !== now) {
        parents.add(before as string | null);
        parents.add(now);
      }
    }
    const moved = maps[kind].registers.some(
      (register) => register.fixed && register.fields.some((field) => reading[field] != null && reading[field] !== entry.seen[field]),
    );
    if (moved) this.#replace(kind, id, record, reading, entry);
    else this.#diff(kind, id, record, reading, entry, summary);
  }

  project(): void {
    const { project, shadow, maps } = this.#context;
    for (const id of shadow.ids("project")) {
      const entry = shadow.get("project", id) as Entry;
      this.#diff("project", id, project, readProject(maps.project, project), entry, false);
    }
  }

  /** Keys for children that are new in a list or stand elsewhere in it. */
  order(parent: string | null, known?: ModelLike): void {
    const { project, shadow, run } = this.#context;
    const store = storeOf(project, "tasks");
    const owner = known ?? (parent === null ? store.rootNode : store.getById(parent));
    if (!owner) return;
    const shown = childrenOf(owner).map((child) => {
      const id = wireId(child);
      // A row that no event told of.
      if (!shadow.has("tasks", id) && !this.#work.tasks.added.has(id)) this.#addTree(child);
      const entry = shadow.get("tasks", id);
      const here = entry !== undefined && (entry.base.parentId ?? null) === parent;
      return { id, orderKey: here ? String(entry.base.orderKey ?? "") : undefined };
    });
    for (const [id, orderKey] of placeChildren(shown, run)) {
      const added = this.#work.tasks.added.get(id);
      if (added) {
        added.orderKey = orderKey;
        if (parent !== null) added.parentId = parent;
        continue;
      }
      const entry = shadow.get("tasks", id);
      if (!entry) continue;
      if (this.#context.isForeign("tasks", id, "placement")) {
        this.#correct.push({ kind: "tasks", id });
        continue;
      }
      const update = this.#updateOf("tasks", id);
      Object.assign(update.changes, { parentId: parent, orderKey });
      Object.assign(update.was, { parentId: entry.base.parentId ?? null, orderKey: entry.base.orderKey ?? null });
    }
  }

  #addTree(record: ModelLike): void {
    const id = wireId(record);
    this.#add("tasks", id, record, readRecord(this.#context.maps.tasks, record));
    if (childrenOf(record).length > 0) this.order(id, record);
  }

  result(): Captured {
    const payload: Record<string, unknown> = {};
    for (const kind of syncedCollections) {
      const { added, updated } = this.#work[kind];
      const changes = {
        added: [...this.#addedInOrder(added)],
        updated: [...updated].map(([id, { changes, was }]): UpdatedRecord => ({ id, changes, was })),
        removed: this.#removedOf(kind),
      };
      if (changes.added.length + changes.updated.length + changes.removed.length > 0)
        payload[kind] = Object.fromEntries(Object.entries(changes).filter(([, list]) => list.length > 0));
    }
    const project = [...this.#work.project.updated].map(([id, { changes, was }]) => ({ id, changes, was }));
    if (project.length > 0) payload.project = { updated: project };
    for (const kind of [...syncedCollections, "project"] as const) for (const [id, { changes }] of this.#work[kind].updated) this.#rebase(kind, id, changes);
    for (const [id, record] of this.#work.tasks.added) this.#rebase("tasks", id, record);
    return { payload: payload as Changeset, entries: [...this.#entries.values()], correct: this.#correct };
  }

  #add(kind: SyncedCollection, id: string, record: ModelLike, reading: Reading): void {
    const map = this.#context.maps[kind];
    const added: Record<string, Json> = {};
    for (const [field, value] of Object.entries(reading)) {
      if (value === null || (field !== "duration" && field !== "name" && sameValue(map, field, value, undefined))) continue;
      // Where units decide nothing, Bryntum works the effort out once from the duration: not an input of a person.
      if ((field === "effort" || field === "effortUnit") && (reading.schedulingMode ?? "Normal") === "Normal") continue;
      added[field] = value;
    }
    // A task of the plan always has a duration: the chart gets it.
    if (reading.duration === null) this.#correct.push({ kind, id });
    this.#work[kind].added.set(id, added);
    this.#note(kind, id, { seen: reading, base: { id, ...added }, summary: kind === "tasks" && isSummary(record) });
  }

  #remove(kind: SyncedKind, id: string, entry: Entry): void {
    if (this.#context.isForeign(kind, id, null)) {
      this.#correct.push({ kind, id });
      return;
    }
    this.#work[kind].removed.set(id, entry.base);
    this.#note(kind, id, undefined);
  }

  /** The ends of a link never change: another end is another link, with an id of its own. */
  #replace(kind: SyncedCollection, id: string, record: ModelLike, reading: Reading, entry: Entry): void {
    this.#remove(kind, id, entry);
    const fresh = this.#context.newId();
    this.#add(kind, fresh, record, reading);
    this.#entries.delete(`${kind}/${fresh}`);
    this.#note(kind, id, undefined);
    this.#correct.push({ kind, id }, { kind, id: fresh });
  }

  #diff(kind: SyncedKind, id: string, record: { get(field: string): unknown }, reading: Reading, entry: Entry, summary: boolean): void {
    const map = this.#context.maps[kind];
    const seen: Record<string, Json> = { ...entry.seen, ...reading };
    // A summary that lost its last child: what slept in the plan wakes, not what the engine left there.
    const wakes = entry.summary && !summary;
    if (wakes) this.#correct.push({ kind, id });
    for (const register of map.registers) {
      if (register.fixed || (wakes && register.leafOnly) || !registerSpeaks(register, record, summary)) continue;
      if (!register.fields.some((field) => field in reading && !sameValue(map, field, reading[field], entry.seen[field]))) continue;
      if (this.#context.isForeign(kind, id, register.name)) this.#correct.push({ kind, id });
      else this.#change(kind, id, register, reading, entry);
    }
    for (const field of new Set([...Object.keys(reading), ...Object.keys(entry.seen)])) {
      if (!/^(intervals|baselines)\./.test(field) || equalJson(reading[field] ?? null, entry.seen[field] ?? null)) continue;
      const update = this.#updateOf(kind, id);
      update.changes[field] = reading[field] ?? null;
      update.was[field] = (entry.base[field] as Json | undefined) ?? null;
      if (reading[field] === undefined) delete seen[field];
    }
    this.#note(kind, id, { seen, base: entry.base, summary });
  }

  #change(kind: SyncedKind, id: string, register: MappedRegister, reading: Reading, entry: Entry): void {
    if (register.name === "effort" && reading.effort === null) return;
    if (register.name === "duration" && reading.duration === null) this.#correct.push({ kind, id });
    const update = this.#updateOf(kind, id);
    for (const field of register.fields) {
      if (!(field in reading)) continue;
      update.changes[field] = reading[field] ?? this.#context.maps[kind].fields.get(field)?.fallback ?? null;
      update.was[field] = (entry.base[field] as Json | undefined) ?? null;
    }
  }

  #updateOf(kind: SyncedKind, id: string): { changes: Record<string, Json>; was: Record<string, Json> } {
    const known = this.#work[kind].updated.get(id);
    if (known) return known;
    const made = { changes: {}, was: {} };
    this.#work[kind].updated.set(id, made);
    return made;
  }

  #note(kind: SyncedKind, id: string, entry: Entry | undefined): void {
    this.#entries.set(`${kind}/${id}`, { kind, id, entry });
  }

  #rebase(kind: SyncedKind, id: string, changes: Registers): void {
    const entry = this.#entries.get(`${kind}/${id}`)?.entry ?? this.#context.shadow.get(kind, id);
    if (entry) this.#note(kind, id, { ...entry, base: { ...entry.base, ...changes } as StoredRecord });
  }

  /** Parents before children. */
  *#addedInOrder(added: ReadonlyMap<string, Record<string, Json>>): Iterable<AddedRecord> {
    const done = new Set<string>();
    const path: string[] = [];
    for (const first of added.keys()) {
      for (let id: string | undefined = first; id !== undefined && added.has(id) && !done.has(id) && !path.includes(id); ) {
        path.push(id);
        const parent: Json | undefined = added.get(id)?.parentId;
        id = typeof parent === "string" ? parent : undefined;
      }
      for (let id = path.pop(); id !== undefined; id = path.pop()) {
        done.add(id);
        yield { id, ...added.get(id) };
      }
    }
  }

  /** A removed summary takes its descendants, links and assignments with it: they are named as seen, not removed one by one. */
  #removedOf(kind: SyncedKind): RemovedRecord[] {
    const { removed } = this.#work[kind];
    const tasks = this.#work.tasks.removed;
    const resources = this.#work.resources.removed;
    const goesAlong = (record: StoredRecord): boolean =>
      kind === "tasks"
        ? tasks.has(String(record.parentId))
        : kind === "dependencies"
          ? tasks.has(String(record.fromTask)) || tasks.has(String(record.toTask))
          : kind === "assignments" && (tasks.has(String(record.event)) || resources.has(String(record.resource)));
    return [...removed].filter(([, record]) => !goesAlong(record)).map(([id]) => ({ id, ...this.#seenWith(kind, id) }));
  }

  #seenWith(kind: SyncedKind, id: string): Pick<RemovedRecord, "seen"> {
    if (kind !== "tasks" && kind !== "resources") return {};
    const gone = kind === "tasks" ? this.#context.shadow.descendants(id).filter((child) => this.#work.tasks.removed.has(child)) : [];
    const all = new Set([id, ...gone]);
    const touching = (other: SyncedKind, fields: readonly string[]): string[] =>
      [...this.#work[other].removed].filter(([, record]) => fields.some((field) => all.has(String(record[field])))).map(([key]) => key);
    return {
      seen:
        kind === "tasks"
          ? { tasks: gone, dependencies: touching("dependencies", ["fromTask", "toTask"]), assignments: touching("assignments", ["event"]) }
          : { assignments: touching("assignments", ["resource"]) },
    };
  }
}
