import {
  type Changeset,
  type CollectionChanges,
  canonicalJson,
  checkInvariants,
  computeSchedule,
  type ProjectState,
  parseWallClock,
  projectToJSON,
  type RecordKind,
  recordKinds,
  type Schedule,
  ScheduleEngine,
  type Touched,
} from "@livegantt/core";
import type { ChangeRow, ProjectInfo, SnapshotRow, Store } from "../interfaces/store.ts";
import { type Decided, decodeSnapshot, replayRow } from "../room/storedProject.ts";

/** Something that is not as it must be. `code` tells what kind of fault; a broken invariant has the id of its rule. */
export interface Fault {
  readonly project?: string;
  readonly code: string;
  readonly message: string;
}

export interface ProjectReport {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly tasks: number;
  readonly snapshots: number;
  /** Changes of the log that were replayed. */
  readonly replayed: number;
  readonly faults: readonly Fault[];
}

const page = 2_000;
const maxFaults = 100;

/** Everything that can be proved about a stored project: its log, snapshots, invariants and schedule. Reads only. */
export async function checkProject(store: Store, info: ProjectInfo): Promise<ProjectReport> {
  const check = new ProjectCheck(store, info);
  await check.run();
  return check.report();
}

class ProjectCheck {
  readonly #store: Store;
  readonly #info: ProjectInfo;
  readonly #faults: Fault[] = [];
  readonly #snapshots = new Map<number, SnapshotRow>();
  #replayed = 0;

  constructor(store: Store, info: ProjectInfo) {
    this.#store = store;
    this.#info = info;
  }

  report(): ProjectReport {
    const { id, name, revision, tasks } = this.#info;
    return { id, name, revision, tasks, snapshots: this.#snapshots.size, replayed: this.#replayed, faults: this.#faults };
  }

  async run(): Promise<void> {
    const { id, revision } = this.#info;
    for (let at = await this.#store.snapshot(id); at; at = at.revision > 0 ? await this.#store.snapshot(id, at.revision - 1) : undefined)
      this.#snapshots.set(at.revision, at);
    await this.#checkVersions();
    const oldest = await this.#store.oldestChange(id);
    const from = this.#start(oldest?.revision);
    if (from === undefined) {
      this.#fault(
        "no_snapshot",
        oldest ? `no snapshot stands where the log begins, at revision ${oldest.revision}` : `there is no snapshot at revision ${revision}`,
      );
      return;
    }
    for (const snapshot of this.#snapshots.values()) if (snapshot.revision < from) await this.#decode(snapshot);
    const decided = await this.#decode(this.#snapshots.get(from) as SnapshotRow);
    if (decided && (await this.#replay(decided))) this.#compareHead(decided.state);
  }

  /** The oldest snapshot from which the log leads on without a hole; without a log, the newest. Older ones belong to named versions. */
  #start(oldest: number | undefined): number | undefined {
    const revisions = [...this.#snapshots.keys()];
    if (oldest === undefined) return revisions.length === 0 ? undefined : Math.max(...revisions);
    const usable = revisions.filter((revision) => revision >= oldest - 1);
    return usable.length === 0 ? undefined : Math.min(...usable);
  }

  /** The plan of a snapshot, whose invariants hold. */
  async #decode({ revision, body }: SnapshotRow): Promise<Decided | undefined> {
    try {
      const decided = await decodeSnapshot(body);
      decided.state.revision = revision;
      this.#checkPlan(decided.state, `in the snapshot of revision ${revision}`);
      return decided;
    } catch (error) {
      this.#fault("snapshot_unreadable", `the snapshot of revision ${revision} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** @returns false where the log could not be followed to its end. */
  async #replay(decided: Decided): Promise<boolean> {
    const { id, revision: head } = this.#info;
    const { state } = decided;
    const engine = new ScheduleEngine(state);
    const numbers = new Set<string>();
    let at = 0;
    while (state.revision < head) {
      const rows = await this.#store.changes(id, { after: state.revision, upTo: head, limit: page });
      if (rows.length === 0) {
        this.#fault("log_ends_early", `the log ends at revision ${state.revision}, the project stands at ${head}`);
        return false;
      }
      for (const row of rows) {
        if (row.revision !== state.revision + 1) {
          this.#fault("log_gap", `revision ${state.revision + 1} is missing in the log`);
          return false;
        }
        const number = JSON.stringify([row.clientId, row.clientRevision]);
        if (numbers.has(number))
          this.#fault("number_twice", `revision ${row.revision} has number ${row.clientRevision} of client "${row.clientId}", as an earlier one has`);
        numbers.add(number);
        if (row.at < at) this.#fault("time_backwards", `revision ${row.revision} is older than the one before it`);
        at = row.at;
        if (!this.#apply(decided, engine, row)) return false;
        await this.#compareSnapshot(state);
      }
    }
    this.#checkPlan(state, `at revision ${head}`);
    this.#checkSchedule(state, engine);
    return true;
  }

  #apply(decided: Decided, engine: ScheduleEngine, row: ChangeRow): boolean {
    try {
      replayRow(decided, row);
      engine.update(touchedBy(JSON.parse(row.payload)));
      JSON.parse(row.inverse);
      this.#replayed++;
      return true;
    } catch (error) {
      this.#fault("change_unreadable", `revision ${row.revision} cannot be replayed: ${(error as Error).message}`);
      return false;
    }
  }

  /** Where a snapshot stands at this revision, it is what the log gives. */
  async #compareSnapshot(state: ProjectState): Promise<void> {
    const { revision } = state;
    const snapshot = this.#snapshots.get(revision);
    const stored = snapshot && (await this.#decode(snapshot));
    if (stored && canonicalJson(projectToJSON(stored.state)) !== canonicalJson(projectToJSON(state)))
      this.#fault("snapshot_differs", `the snapshot of revision ${revision} is not the plan that the log gives`);
  }

  #compareHead(state: ProjectState): void {
    const { name, tasks, revision } = this.#info;
    const newest = Math.max(...this.#snapshots.keys());
    if (newest > revision) this.#fault("snapshot_ahead", `there is a snapshot of revision ${newest}, the project stands at ${revision}`);
    if ((state.project.name ?? "") !== name) this.#fault("head_differs", `the list of projects has the name "${name}", the plan "${state.project.name ?? ""}"`);
    if (state.tasks.size !== tasks) this.#fault("head_differs", `the list of projects has ${tasks} tasks, the plan ${state.tasks.size}`);
  }

  async #checkVersions(): Promise<void> {
    for (const { revision, name } of await this.#store.versions.list(this.#info.id))
      if (!this.#snapshots.has(revision)) this.#fault("version_lost", `the version "${name}" has no snapshot of its revision ${revision}`);
  }

  #checkPlan(state: ProjectState, where: string): void {
    for (const { rule, collection, id, message } of checkInvariants(state)) this.#fault(rule, `${collection}/${id} ${where}: ${message}`);
  }

  /** V10, and that no date and no figure is nonsense. */
  #checkSchedule(state: ProjectState, engine: ScheduleEngine): void {
    try {
      const full = computeSchedule(state);
      if (full.hash() !== engine.schedule.hash()) this.#fault("V10", "the schedule that followed the log differs from the one computed anew");
      for (const id of full.tasks.keys()) {
        const field = nonsense(full, id);
        if (field) this.#fault("schedule_broken", `tasks/${id}: ${field} is no date and no finite number`);
      }
    } catch (error) {
      this.#fault("schedule_broken", `the schedule cannot be computed: ${(error as Error).message}`);
    }
  }

  #fault(code: string, message: string): void {
    if (this.#faults.length < maxFaults) this.#faults.push({ project: this.#info.id, code, message });
  }
}

const dates = ["startDate", "endDate", "earlyStart", "earlyEnd", "lateStart", "lateEnd"] as const;
const figures = ["totalSlack", "freeSlack", "duration", "percentDone", "effort"] as const;

function nonsense(schedule: Schedule, id: string): string | undefined {
  const task = schedule.tasks.get(id);
  if (!task) return "schedule";
  return dates.find((field) => !Number.isFinite(parseWallClock(task[field]))) ?? figures.find((field) => !Number.isFinite(task[field]));
}

function touchedBy(payload: Changeset): Touched {
  const touched = new Map<RecordKind, Set<string>>();
  for (const kind of recordKinds) {
    const part = payload[kind] as CollectionChanges | undefined;
    const ids = [...(part?.added ?? []), ...(part?.updated ?? []), ...(part?.removed ?? [])].map(({ id }) => id);
    if (ids.length > 0) touched.set(kind, new Set(ids));
  }
  return touched;
}
