import {
  type AnswerRow,
  type ChangeQuery,
  type ChangeRow,
  type ClientRow,
  type CommitResult,
  type ProjectCommit,
  type ProjectInfo,
  rememberedAnswers,
  type SnapshotRow,
} from "@livegantt/server";

/** What a database holds of one project. Rows are never changed, only replaced. */
export class Image {
  info: ProjectInfo;
  changes: ChangeRow[] = [];
  snapshots: SnapshotRow[];
  readonly clients = new Map<string, ClientRow>();
  readonly answers = new Map<string, readonly AnswerRow[]>();
  /** Every change that was ever written, pruned ones too: what history is judged by. */
  archive: ChangeRow[] = [];

  constructor(info: ProjectInfo, snapshots: SnapshotRow[]) {
    this.info = info;
    this.snapshots = snapshots;
  }

  clone(): Image {
    const copy = new Image(this.info, [...this.snapshots]);
    copy.changes = [...this.changes];
    copy.archive = [...this.archive];
    for (const [id, client] of this.clients) copy.clients.set(id, client);
    for (const [id, answers] of this.answers) copy.answers.set(id, answers);
    return copy;
  }

  snapshot(notAfter = Number.MAX_SAFE_INTEGER): SnapshotRow | undefined {
    return this.snapshots.findLast(({ revision }) => revision <= notAfter);
  }

  query({ after, upTo = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER, newestFirst, containing }: ChangeQuery): ChangeRow[] {
    const found = this.changes.filter(
      ({ revision, payload, inverse }) =>
        revision > after && revision <= upTo && (containing === undefined || payload.includes(containing) || inverse.includes(containing)),
    );
    return (newestFirst ? found.reverse() : found).slice(0, limit);
  }

  client(clientId: string): { readonly client: ClientRow; readonly answers: readonly AnswerRow[] } | undefined {
    const client = this.clients.get(clientId);
    return client && { client, answers: this.answers.get(clientId) ?? [] };
  }

  commit({ base, revision, at, name, tasks, changes, newClients, answers }: ProjectCommit): CommitResult {
    if (this.info.revision !== base) return "behind";
    this.info = { ...this.info, revision, updatedAt: Math.max(this.info.updatedAt, at), name, tasks };
    for (const { clientId, sub } of newClients)
      if (!this.clients.has(clientId)) this.clients.set(clientId, { clientId, sub, lastRevision: 0, acks: new Uint32Array(rememberedAnswers) });
    for (const row of changes) {
      this.changes.push(row);
      this.archive.push(row);
      this.#count(row.clientId, row.clientRevision, row.revision);
    }
    for (const row of answers) {
      this.#count(row.clientId, row.clientRevision, undefined);
      const kept = (this.answers.get(row.clientId) ?? []).filter(({ clientRevision }) => clientRevision > row.clientRevision - rememberedAnswers);
      this.answers.set(row.clientId, [...kept, row]);
    }
    return "committed";
  }

  saveSnapshot(snapshot: SnapshotRow): void {
    this.snapshots = [...this.snapshots.filter(({ revision }) => revision !== snapshot.revision), snapshot].sort((a, b) => a.revision - b.revision);
  }

  prune(upTo: number): void {
    this.changes = this.changes.filter(({ revision }) => revision > upTo);
    this.snapshots = this.snapshots.filter(({ revision }) => revision >= upTo);
  }

  #count(clientId: string, number: number, revision: number | undefined): void {
    const client = this.clients.get(clientId);
    if (!client) throw new Error(`the store was given a row of the client "${clientId}", which it does not know`);
    const acks = client.acks.slice();
    if (revision !== undefined) acks[number % rememberedAnswers] = revision;
    this.clients.set(clientId, { ...client, lastRevision: Math.max(client.lastRevision, number), acks });
  }
}
