import { randomUUID } from "node:crypto";
import type { Changeset, Notice } from "@livegantt/core";
import { newEpoch } from "../imports/ids.ts";
import type { Query } from "../interfaces/maintenance.ts";
import { type Decided, decodeSnapshot, encodeSnapshot, replayRow } from "../room/storedProject.ts";
import { noAcks } from "../stores/counters.ts";
import type { Person } from "./person.ts";
import { type Pen, rewriteAnswer, rewriteChangeset, rewriteDecided, rewriteNotices } from "./rewriting.ts";

/** What was written anew in one project. */
export interface Forgotten {
  readonly project: string;
  readonly changes: number;
  readonly comments: number;
  readonly answers: number;
  readonly snapshots: number;
  /** Texts that people typed and that still name the person, as `collection/id field`: they are the plan's content. */
  readonly mentions: readonly string[];
}

interface Row {
  readonly revision: number;
  readonly client_id: string;
  readonly client_revision: number;
  readonly author: string;
  readonly sub: string | null;
  readonly at: number;
  readonly made_at: string | null;
  readonly intent: string | null;
  readonly payload: string;
  readonly notices: string | null;
  readonly inverse: string;
}

const page = 500;
const maxMentions = 100;

/**
 * Takes a person out of one project, inside a transaction: the row of the project is locked first, so nobody commits in between. Where something was found, the
 * project gets a new epoch, so that every server and client takes it anew; and where comments of theirs stand, a revision that gives them their new author.
 */
export async function forgetInProject(query: Query, project: string, person: Person, now: number): Promise<Forgotten> {
  await query("UPDATE projects SET name = name WHERE id = $1", [project]);
  const work = new Work(query, project, person);
  await work.learn();
  const [answers, changes, snapshots] = [await work.rewriteAnswers(), await work.rewriteChanges(), await work.rewriteSnapshots()];
  const others = await work.renameOwner();
  const head = await work.head();
  const comments = await work.renameComments(head, now);
  if (answers + changes + snapshots + comments + others > 0) await query("UPDATE projects SET epoch = $1 WHERE id = $2", [newEpoch(), project]);
  return { project, changes, comments, answers, snapshots, mentions: mentionsIn(head, person) };
}

class Work {
  readonly #query: Query;
  readonly #project: string;
  readonly #person: Person;
  /** Whose a client is. */
  readonly #owners = new Map<string, string | null>();
  /** Is a comment theirs, where it is known who wrote it. */
  readonly #comments = new Map<string, boolean>();
  /** Living comments of theirs that stood under their name until now. */
  readonly #renamed = new Set<string>();
  readonly #pen: Pen;

  constructor(query: Query, project: string, person: Person) {
    this.#query = query;
    this.#project = project;
    this.#person = person;
    this.#pen = {
      stamp: (clientId, name) => (this.#isTheirs(clientId, name) ? person.alias : name),
      comment: (id, author) => {
        const theirs = author !== person.alias && (this.#comments.get(id) ?? person.isCalled(author));
        if (theirs) this.#renamed.add(id);
        return theirs ? person.alias : author;
      },
      name: (name) => (person.isCalled(name) ? person.alias : name),
    };
  }

  /** Who is behind each client, and who wrote each comment. */
  async learn(): Promise<void> {
    const clients = await this.#query<{ client_id: string; sub: string | null }>("SELECT client_id, sub FROM clients WHERE project = $1", [this.#project]);
    for (const { client_id, sub } of clients) this.#owners.set(client_id, sub);
    for await (const { author, sub, payload } of this.#rows()) {
      if (!payload.includes('"comments"')) continue;
      const { comments } = JSON.parse(payload) as Changeset;
      const theirs = sub === this.#person.aliasSub || this.#person.wrote(sub, author);
      // One that was removed and brought back is still its first author's.
      for (const { id } of comments?.added ?? []) if (!this.#comments.has(id)) this.#comments.set(id, theirs);
    }
    for await (const { decided } of this.#snapshots()) {
      for (const id of decided.state.comments.keys()) {
        const stamp = decided.ledger.created("comments", id);
        if (stamp) this.#comments.set(id, this.#isTheirs(stamp.clientId, stamp.name));
      }
    }
  }

  async rewriteChanges(): Promise<number> {
    let count = 0;
    for await (const row of this.#rows()) {
      const theirs = this.#person.wrote(row.sub, row.author);
      const author = theirs ? this.#person.alias : row.author;
      const sub = theirs && row.sub !== null ? this.#person.aliasSub : row.sub;
      const notices = row.notices && JSON.stringify(rewriteNotices(JSON.parse(row.notices) as Notice[], this.#pen));
      const [payload, inverse] = [this.#changeset(row.payload), this.#changeset(row.inverse)];
      if (author === row.author && sub === row.sub && notices === row.notices && payload === row.payload && inverse === row.inverse) continue;
      await this.#query("UPDATE changes SET author = $1, sub = $2, payload = $3, notices = $4, inverse = $5 WHERE project = $6 AND revision = $7", [
        author,
        sub,
        payload,
        notices,
        inverse,
        this.#project,
        row.revision,
      ]);
      count++;
    }
    return count;
  }

  async rewriteAnswers(): Promise<number> {
    let count = 0;
    const key = ["client_id", "client_revision"];
    const rows = await this.#query<{ client_id: string; client_revision: number }>(`SELECT ${key.join(", ")} FROM answers WHERE project = $1`, [this.#project]);
    for (const { client_id, client_revision } of rows) {
      const where = [this.#project, client_id, client_revision];
      const [row] = await this.#query<{ body: string }>("SELECT body FROM answers WHERE project = $1 AND client_id = $2 AND client_revision = $3", where);
      if (!row) continue;
      const body = JSON.stringify(rewriteAnswer(JSON.parse(row.body), this.#pen));
      if (body === row.body) continue;
      await this.#query("UPDATE answers SET body = $1 WHERE project = $2 AND client_id = $3 AND client_revision = $4", [body, ...where]);
      count++;
    }
    return count;
  }

  async rewriteSnapshots(): Promise<number> {
    let count = 0;
    for await (const { revision, decided } of this.#snapshots()) {
      const rewritten = rewriteDecided(decided, this.#pen);
      if (!rewritten) continue;
      await this.#saveSnapshot(revision, rewritten);
      count++;
    }
    return count;
  }

  /** What hangs on the project and names its maker. */
  async renameOwner(): Promise<number> {
    const { sub, alias, aliasSub } = this.#person;
    const project = this.#project;
    let count = 0;
    if (sub !== undefined) {
      const clients = await this.#query("UPDATE clients SET sub = $1 WHERE project = $2 AND sub = $3 RETURNING client_id", [aliasSub, project, sub]);
      const values = [alias, aliasSub, project, sub];
      const versions = await this.#query("UPDATE versions SET author = $1, sub = $2 WHERE project = $3 AND sub = $4 RETURNING revision", values);
      count += clients.length + versions.length;
    }
    for (const { author } of await this.#query<{ author: string }>("SELECT DISTINCT author FROM versions WHERE project = $1 AND sub IS NULL", [project])) {
      if (!this.#person.wrote(null, author)) continue;
      await this.#query("UPDATE versions SET author = $1 WHERE project = $2 AND sub IS NULL AND author = $3", [alias, project, author]);
      count++;
    }
    for (const { id, created_by } of await this.#query<{ id: string; created_by: string }>("SELECT id, created_by FROM links WHERE project = $1", [project])) {
      if (!this.#person.isCalled(created_by)) continue;
      await this.#query("UPDATE links SET created_by = $1 WHERE id = $2", [alias, id]);
      count++;
    }
    return count;
  }

  /** The plan as it stands, under the new names already. */
  async head(): Promise<Decided> {
    const [newest] = await this.#query<{ revision: number; body: Uint8Array }>(
      "SELECT revision, body FROM snapshots WHERE project = $1 ORDER BY revision DESC LIMIT 1",
      [this.#project],
    );
    if (!newest) throw new Error(`the project "${this.#project}" has no snapshot`);
    const decided = await decodeSnapshot(newest.body);
    decided.state.revision = newest.revision;
    for await (const row of this.#rows(newest.revision)) {
      replayRow(decided, { ...row, clientId: row.client_id, clientRevision: row.client_revision, madeAt: row.made_at });
    }
    return decided;
  }

  /** Replicas that know the old name hear of the new one as of any other change. Nothing takes it back. */
  async renameComments(head: Decided, now: number): Promise<number> {
    const ids = [...this.#renamed].filter((id) => head.state.comments.has(id));
    if (ids.length === 0) return 0;
    const revision = head.state.revision + 1;
    const clientId = `forget-${randomUUID()}`;
    const { alias } = this.#person;
    const payload = JSON.stringify({ comments: { updated: ids.map((id) => ({ id, changes: { author: alias } })) } });
    const [latest] = await this.#query<{ at: number }>("SELECT at FROM changes WHERE project = $1 ORDER BY revision DESC LIMIT 1", [this.#project]);
    const at = Math.max(now, latest?.at ?? 0);
    const row = {
      revision,
      clientId,
      clientRevision: 1,
      author: operator,
      sub: null,
      at,
      madeAt: null,
      intent: "person.forget",
      payload,
      notices: null,
      inverse: "{}",
    };
    await this.#query("INSERT INTO clients VALUES ($1, $2, $3, $4, $5, $6)", [this.#project, clientId, null, 0, noAcks, at]);
    await this.#query("INSERT INTO changes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", [this.#project, ...Object.values(row)]);
    await this.#query("UPDATE projects SET revision = $1, updated_at = $2 WHERE id = $3", [revision, at, this.#project]);
    replayRow(head, row);
    await this.#saveSnapshot(revision, head);
    return ids.length;
  }

  #isTheirs(clientId: string, name: string): boolean {
    const owner = this.#owners.get(clientId) ?? null;
    return owner === null ? this.#person.wrote(null, name) : owner === this.#person.sub || owner === this.#person.aliasSub;
  }

  /** The text itself where it names nobody who is meant: JSON that is written anew could differ in nothing but its looks. */
  #changeset(text: string): string {
    return text.includes('"comments"') ? JSON.stringify(rewriteChangeset(JSON.parse(text) as Changeset, this.#pen)) : text;
  }

  async *#rows(from = 0): AsyncGenerator<Row> {
    for (let after = from; ; ) {
      const rows = await this.#query<Row>(
        `SELECT revision, client_id, client_revision, author, sub, at, made_at, intent, payload, notices, inverse FROM changes
         WHERE project = $1 AND revision > $2 ORDER BY revision LIMIT ${page}`,
        [this.#project, after],
      );
      yield* rows;
      if (rows.length < page) return;
      after = rows.at(-1)?.revision ?? after;
    }
  }

  async *#snapshots(): AsyncGenerator<{ readonly revision: number; readonly decided: Decided }> {
    const rows = await this.#query<{ revision: number }>("SELECT revision FROM snapshots WHERE project = $1 ORDER BY revision", [this.#project]);
    for (const { revision } of rows) {
      const [row] = await this.#query<{ body: Uint8Array }>("SELECT body FROM snapshots WHERE project = $1 AND revision = $2", [this.#project, revision]);
      if (!row) continue;
      const decided = await decodeSnapshot(row.body);
      decided.state.revision = revision;
      yield { revision, decided };
    }
  }

  async #saveSnapshot(revision: number, decided: Decided): Promise<void> {
    await this.#query("DELETE FROM snapshots WHERE project = $1 AND revision = $2", [this.#project, revision]);
    await this.#query("INSERT INTO snapshots VALUES ($1, $2, $3)", [this.#project, revision, await encodeSnapshot(decided)]);
  }
}

/** Who stands in the history as having done this. */
const operator = "Operator";

function mentionsIn({ state }: Decided, person: Person): string[] {
  const found: string[] = [];
  for (const kind of ["tasks", "resources", "comments"] as const)
    for (const record of state.map(kind).values())
      for (const [field, value] of Object.entries(record)) if (field !== "id" && person.isIn(value)) found.push(`${kind}/${record.id} ${field}`);
  for (const [field, value] of Object.entries(state.project)) if (person.isIn(value)) found.push(`project ${field}`);
  return found.slice(0, maxMentions);
}
