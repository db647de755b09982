import { type ProjectState, projectToJSON } from "@livegantt/core";
import type { Logger } from "pino";
import { clientTaken, noSuchProject, ServerError, storageUnavailable } from "../errors.ts";
import { type CommitResult, type LoggedChange, type ProjectCommit, type ProjectInfo, StoreError } from "../interfaces/store.ts";
import { broadcastText, deltaText } from "./broadcast.ts";
import { claimOf } from "./claim.ts";
import { ClientBook } from "./clientBook.ts";
import { coalesced } from "./coalesced.ts";
import type { CommitSource } from "./committer.ts";
import type { House } from "./house.ts";
import { Keeping } from "./keeping.ts";
import { Presence } from "./presence.ts";
import { publish, repeat } from "./publish.ts";
import { ScheduleCheck } from "./scheduleCheck.ts";
import { Share } from "./share.ts";
import { type Decided, loadProject, replayRow } from "./storedProject.ts";
import type { Member, Submission, View } from "./submission.ts";
import { type Decision, errorText, Turn } from "./turn.ts";

const reloadRetryMs = 1_000;
/** Turns in a row for which a project counts as written to by others. */
const contendedTurns = 3;

/**
 * One project in memory: the place where everything about it is decided, in one order (W4: validate → authorise → apply → persist → ack → broadcast).
 *
 * Invariant: outside of a turn (`prepare` … `settle`) memory equals the store; readers wait for the turn, so nobody sees what may still fail.
 */
export class Room implements CommitSource {
  readonly id: string;
  readonly epoch: string;
  readonly presence: Presence;
  readonly scheduleCheck: ScheduleCheck;
  readonly #house: House;
  readonly #log: Logger;
  readonly #book: ClientBook;
  readonly #members = new Map<string, Member>();
  readonly #waiting: (() => void)[] = [];
  readonly #onGone: () => void;
  #decided: Decided;
  #inbox: Submission[] = [];
  #turn: Turn | undefined;
  /** What the turn is about. */
  #batch: readonly Submission[] = [];
  /** Above 0: other servers write here too, so what is judged before the project is locked is judged twice. */
  #contention = 0;
  /** Memory cannot be trusted or is behind: nothing is decided or read until it was loaded anew. */
  #unsound = false;
  #lastAt = 0;
  #view: View | undefined;
  readonly #keeping: Keeping;
  readonly #share: Share;
  /** When it was last of use to somebody. */
  usedAt: number;

  /** Reads what other servers wrote, and tells everybody here. */
  readonly catchUp = coalesced(() => this.#readMissed());

  private constructor(house: House, info: ProjectInfo, decided: Decided, logFrom: number, onGone: () => void) {
    this.#house = house;
    this.id = info.id;
    this.presence = new Presence(house.scheduler, () => this.#members.values(), info.id, house.peers);
    this.scheduleCheck = new ScheduleCheck(() => house.scheduler.elapsed());
    this.epoch = info.epoch;
    this.#decided = decided;
    this.#log = house.log.child({ project: info.id });
    this.#book = new ClientBook(house.store, info.id);
    this.#lastAt = info.updatedAt;
    this.#keeping = new Keeping(house, info.id, this.#log, decided.state.revision, logFrom);
    this.#onGone = onGone;
    this.#share = new Share(house.scheduler, () => house.committer.schedule(this));
    this.usedAt = house.clock();
  }

  /** @param onGone called when the project was erased or cannot be loaded again: the room is of no use any more. */
  static async open(house: House, info: ProjectInfo, onGone: () => void): Promise<Room> {
    const started = house.scheduler.elapsed();
    const decided = await loadProject(house.store, info);
    const oldest = await house.store.oldestChange(info.id);
    const room = new Room(house, info, decided, oldest ? oldest.revision - 1 : decided.state.revision, onGone);
    house.metrics.loadSeconds.observe((house.scheduler.elapsed() - started) / 1000);
    room.#log.debug({ revision: info.revision, tasks: info.tasks }, "project opened");
    return room;
  }

  get size(): number {
    return this.#members.size;
  }

  get busy(): boolean {
    return this.#members.size > 0 || this.#inbox.length > 0 || this.#turn !== undefined || this.#unsound;
  }

  /** Resolves when memory holds nothing that may still fail. Continue without another `await`. */
  settled(): Promise<void> {
    this.usedAt = this.#house.clock();
    return this.#quiet();
  }

  /** Like `settled`, and not older than what any server of the cluster has acknowledged before this call; where the store does not answer, what is in memory. */
  async current(): Promise<void> {
    if (this.#house.store.shared)
      await this.catchUp().catch((err) => this.#log.warn({ err, revision: this.#decided.state.revision }, "other servers' changes could not be read"));
    await this.settled();
  }

  async #quiet(): Promise<void> {
    while (this.#turn || this.#unsound) await new Promise<void>((done) => this.#waiting.push(done));
  }

  /** The plan. Call after `settled`, do not keep or change it. */
  get state(): ProjectState {
    return this.#decided.state;
  }

  /** The plan as JSON text. Call after `settled`. */
  view(): View {
    const { state } = this.#decided;
    if (this.#view?.revision !== state.revision) this.#view = { epoch: this.epoch, revision: state.revision, text: JSON.stringify(projectToJSON(state)) };
    return this.#view;
  }

  /** W1: may a client at this revision go on by delta? Otherwise it needs the whole project. */
  reaches(revision: number): boolean {
    const behind = this.#decided.state.revision - revision;
    return behind >= 0 && behind <= this.#house.limits.deltaChanges && revision >= this.#keeping.logFrom;
  }

  async #readMissed(): Promise<void> {
    await this.#quiet();
    const { take } = await this.#readNewer([]);
    await this.#quiet();
    if (!take()) void this.#reload();
  }

  /** Call between turns. Rows that are known already do no harm. False where the log was folded past what is in memory. */
  #follow(rows: readonly LoggedChange[]): boolean {
    const { state } = this.#decided;
    const missed = rows.filter(({ revision }) => revision > state.revision);
    if (missed.length > 0 && missed[0]?.revision !== state.revision + 1) return false;
    for (const row of missed) replayRow(this.#decided, row);
    this.#tell(missed);
    return true;
  }

  #tell(missed: readonly LoggedChange[]): void {
    if (missed.length === 0) return;
    this.#lastAt = Math.max(this.#lastAt, missed.at(-1)?.at ?? 0);
    repeat(missed.map(broadcastText), this.#members.values());
  }

  /** Every change after one revision up to another as one `delta` message. */
  async delta(from: number, to: number): Promise<string> {
    const rows = from === to ? [] : await this.#house.store.changes(this.id, { after: from, upTo: to });
    if (rows.length !== to - from) {
      await this.#keeping.find(to);
      throw new ServerError("history_compacted", "retry", "The changes you missed were just folded together. Connect again.");
    }
    return deltaText(from, to, rows);
  }

  /**
   * Keeps a client's counter at hand; every call needs one `release`.
   * @throws ServerError where the clientId belongs to somebody else (W3).
   */
  async retain(clientId: string, sub: string | null): Promise<void> {
    const counter = await this.#book.retain(clientId, sub);
    if (counter.sub === sub) return;
    this.#book.release(clientId);
    throw clientTaken();
  }

  release(clientId: string): void {
    this.#book.release(clientId);
  }

  lastClientRevision(clientId: string): number {
    return this.#book.last(clientId);
  }

  /** Call after `retain` and `settled`: from here on the member hears everything. A connection with the same clientId is closed (W4). */
  enter(member: Member): void {
    const older = this.#members.get(member.clientId);
    this.#members.set(member.clientId, member);
    older?.refuse(new ServerError("replaced", "fatal", "This client has connected anew elsewhere; this connection ends."), 4409);
  }

  /** Does nothing where the member has been replaced already. */
  leave(member: Member): void {
    this.#book.release(member.clientId);
    if (this.#members.get(member.clientId) !== member) return;
    this.#members.delete(member.clientId);
    this.presence.leave(member.clientId);
    this.usedAt = this.#house.clock();
  }

  /** Takes a numbered message; its client must be retained. The answer comes after the commit. */
  submit(submission: Submission): void {
    this.#book.hold(submission.clientId);
    this.#inbox.push(submission);
    this.#share.request();
  }

  prepare(): ProjectCommit | undefined {
    if (this.#unsound || this.#inbox.length === 0) return undefined;
    const { changesPerTurn } = this.#house.limits;
    const batch = this.#inbox.length > changesPerTurn ? this.#inbox.splice(0, changesPerTurn) : this.#inbox.splice(0);
    return this.#contention > 0 ? this.#claim(batch) : this.#share.spend((over) => this.#decide(batch, over));
  }

  /** Nothing is judged before the store has locked the project and calls `judgeAgain`. */
  #claim(batch: readonly Submission[]): ProjectCommit {
    this.#turn = this.#newTurn();
    this.#batch = batch;
    return claimOf(this.id, batch, this.#book, this.#lastAt);
  }

  async judgeAgain(clients: readonly string[]): Promise<ProjectCommit | undefined> {
    const turn = this.#turn;
    if (!turn) return undefined;
    turn.revert();
    this.#book.rollback();
    const { take, count } = await this.#readNewer(clients);
    // The commit has failed meanwhile, and was settled.
    if (this.#turn !== turn) return undefined;
    if (!take()) throw new StoreError("storage_unavailable", "The log was folded past what is in memory.");
    this.#contention = count > 0 ? contendedTurns : Math.max(0, this.#contention - 1);
    return this.#share.spend((over) => this.#decide(this.#batch, over));
  }

  #newTurn(): Turn {
    const { planLimits, clock } = this.#house;
    this.#lastAt = Math.max(this.#lastAt, clock());
    return new Turn(this.#decided, this.#book, planLimits, this.#lastAt);
  }

  #decide(batch: readonly Submission[], over: () => boolean): ProjectCommit | undefined {
    const turn = this.#newTurn();
    let decided = 0;
    for (const submission of batch) {
      decided++;
      try {
        turn.decide(submission);
      } catch (error) {
        this.#log.error({ err: error, client: submission.clientId, revision: this.#decided.state.revision }, "a change ended in an unexpected error");
        turn.condemn(submission);
        break;
      }
      if (over()) break;
    }
    this.#batch = batch.slice(0, decided);
    this.#inbox.unshift(...batch.slice(decided));
    this.#turn = turn;
    return turn.commit(this.id);
  }

  settle(result: CommitResult | "failed" | undefined): void {
    const turn = this.#turn;
    const batch = [...this.#batch];
    this.#turn = undefined;
    this.#batch = [];
    if (turn) {
      if (result === "committed" || result === undefined) {
        this.#book.commit();
        this.#publish(turn.decisions);
        if (turn.decisions.some(({ broadcast }) => broadcast !== undefined)) this.#house.deliveries?.heard(this.id);
        turn.measure(this.#house.metrics);
        this.#keeping.saveWhenDue(this.#decided);
      } else {
        turn.revert();
        this.#book.rollback();
        if (result === "behind") this.#inbox.unshift(...batch);
        else {
          // What waits behind them would meet a gap in its numbers.
          batch.push(...this.#inbox.splice(0));
          this.#publish(batch.map((submission) => ({ submission, answer: errorText(storageUnavailable(), submission.revision) })));
        }
      }
      if (result !== "behind") for (const { clientId } of batch) this.#book.release(clientId);
      if (result === "gone") this.#end(noSuchProject(this.id), 4404);
      else if (turn.poisoned) void this.#reload();
      else if (result === "behind") void this.#rejoin();
    }
    this.#share.end();
    this.#resume();
  }

  /** Writes a snapshot where the log has grown since the last one. */
  async save(): Promise<void> {
    await this.#keeping.idle();
    // Last of all: a turn may have begun while another snapshot was waited for.
    await this.#quiet();
    await this.#keeping.save(this.#decided);
  }

  /** D3: folds the log older than the limits into a snapshot, and forgets what was removed long ago. */
  async compact(): Promise<void> {
    const { store, limits, clock, deliveries } = this.#house;
    const day = 86_400_000;
    const old = await store.revisionAt(this.id, clock() - limits.keepDays * day);
    await this.#quiet();
    this.#decided.ledger.prune(clock() - limits.tombstoneDays * day);
    const delivered = (await deliveries?.reached(this)) ?? Number.POSITIVE_INFINITY;
    await this.#keeping.fold(Math.min(old ?? 0, this.#decided.state.revision - limits.keepRevisions, delivered));
  }

  /** Sends everybody away: the project was archived or erased, or the server stops. */
  dismiss(error: ServerError, closeCode: number): void {
    for (const member of [...this.#members.values()]) member.refuse(error, closeCode);
  }

  close(): void {
    this.presence.close();
    this.#share.close();
  }

  #publish(decisions: readonly Decision[]): void {
    const { metrics, scheduler } = this.#house;
    const started = scheduler.elapsed();
    this.#share.spend(() => publish(decisions, this.#members.values()));
    metrics.broadcastSeconds.observe((scheduler.elapsed() - started) / 1000);
  }

  #resume(): void {
    if (this.#unsound) return;
    for (const done of this.#waiting.splice(0)) done();
    if (this.#inbox.length > 0) this.#share.request();
  }

  /** Takes the project from the store again, and tells everybody what others wrote there meanwhile. */
  #reload(): Promise<void> {
    return this.#mend(async () => {
      const { store } = this.#house;
      const known = this.#decided.state.revision;
      const info = await store.project(this.id);
      if (!info) throw noSuchProject(this.id);
      const decided = await loadProject(store, info);
      const counters = await this.#book.stored();
      const missed = await store.changes(this.id, { after: known, upTo: info.revision });
      return () => {
        this.#decided = decided;
        this.#book.adopt(counters);
        this.#tell(missed);
      };
    });
  }

  /** D4: another server was first. What it wrote is taken over, and what waits is judged anew on top of that. */
  #rejoin(): Promise<void> {
    return this.#mend(async () => {
      const { take } = await this.#readNewer();
      return () => void (take() || this.#reload());
    });
  }

  /** Reads what others wrote, and the counters of these clients (of all without a list); `take` takes it over, like `#follow`. */
  async #readNewer(clients?: readonly string[]): Promise<{ readonly take: () => boolean; readonly count: number }> {
    const { store } = this.#house;
    const { revision } = this.#decided.state;
    const missed = await (store.shared ? store.shared.missed(this.id, revision) : store.changes(this.id, { after: revision }));
    const counters = await this.#book.stored(clients && new Set([...clients, ...missed.map(({ clientId }) => clientId)]));
    const take = (): boolean => {
      this.#book.adopt(counters);
      return this.#follow(missed);
    };
    return { take, count: missed.length };
  }

  /** Nothing is decided or read until `read` has succeeded and what it returned was done. */
  async #mend(read: () => Promise<() => void>): Promise<void> {
    this.#unsound = true;
    for (;;) {
      try {
        const take = await read();
        this.#unsound = false;
        take();
        break;
      } catch (error) {
        this.#log.error({ err: error, revision: this.#decided.state.revision }, "the project could not be read again");
        if (error instanceof ServerError) {
          this.#unsound = false;
          this.#end(error, error.status === 404 ? 4404 : 4503);
          return;
        }
        await new Promise<void>((done) => this.#house.scheduler.after(reloadRetryMs, done));
      }
    }
    this.#resume();
  }

  #end(error: ServerError, closeCode: number): void {
    for (const { answer, revision, clientId } of this.#inbox.splice(0)) {
      answer?.(errorText(error, revision));
      this.#book.release(clientId);
    }
    this.dismiss(error, closeCode);
    this.#onGone();
    this.#resume();
  }
}
