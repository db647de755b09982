import { type CommitResult, type JudgeAgain, type ProjectCommit, rememberedAnswers } from "../../interfaces/store.ts";
import { noAcks } from "../counters.ts";
import type { Query } from "./database.ts";
import { channel } from "./hints.ts";
import { bigintList, integerList, textList } from "./lists.ts";

/**
 * Writes a batch inside a transaction. The row locks are taken in the order of ids, so that two servers never wait for each other in a circle, and are held until
 * COMMIT: what is compared is what is set, and whoever was late judges anew while nobody else can be first once more.
 */
export async function append(query: Query, batch: readonly ProjectCommit[], again?: JudgeAgain): Promise<CommitResult[]> {
  const ids = [...new Set(batch.map(({ project }) => project))];
  const rows = await query<{ id: string; revision: number }>("SELECT id, revision FROM projects WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE", [
    ids,
  ]);
  const locked = new Map(rows.map(({ id, revision }) => [id, revision]));
  const revisions = new Map(locked);
  const results = batch.map(({ project, base, revision }): CommitResult => {
    const current = revisions.get(project);
    if (current === undefined) return "gone";
    if (current !== base) return "behind";
    revisions.set(project, revision);
    return "committed";
  });
  const known = batch.filter((_, i) => results[i] !== "gone");
  const used = await usedElsewhere(query, known);
  const standing = await Promise.all(
    batch.map(async (commit, i) => {
      if (results[i] === "gone") return undefined;
      const clients = used.get(commit.project) ?? [];
      if (results[i] === "committed" && clients.length === 0) return commit;
      results[i] = "behind";
      if (!again) return undefined;
      const instead = await again(commit.project, clients);
      if (instead === undefined || instead.base === locked.get(commit.project)) results[i] = "committed";
      return results[i] === "committed" ? instead : undefined;
    }),
  );
  await write(
    query,
    standing.filter((commit) => commit !== undefined),
  );
  return results;
}

/** No key of ours, so no number of a client is as large. */
const noNumber = 2_147_483_647;

/**
 * Project by project the clients of whom another server has answered one of these numbers, or which it has given to somebody else: they moved from there to here while
 * a message was under way. Answers move no revision, so comparing revisions does not tell.
 */
async function usedElsewhere(query: Query, batch: readonly ProjectCommit[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys: (readonly [project: string, client: string, number: number, isNew: boolean, sub: string | null])[] = [];
  for (const { project, changes, answers, newClients, claims = [] } of batch) {
    const first = new Map<string, number>();
    for (const numbers of [changes, answers, claims])
      for (const { clientId, clientRevision } of numbers) {
        const known = first.get(clientId);
        if (known === undefined || clientRevision < known) first.set(clientId, clientRevision);
      }
    for (const { clientId, sub } of newClients) {
      keys.push([project, clientId, first.get(clientId) ?? noNumber, true, sub]);
      first.delete(clientId);
    }
    for (const [clientId, number] of first) keys.push([project, clientId, number, false, null]);
  }
  if (keys.length === 0) return new Map();
  // Looked up one by one: the planner would rather read the whole log for EXISTS.
  const rows = await query<{ project: string; clients: string[] }>(
    `SELECT k.project, array_agg(k.client) AS clients FROM unnest($1::text[], $2::text[], $3::integer[], $4::boolean[], $5::text[]) AS k(project, client, number, is_new, sub)
     WHERE (SELECT true FROM changes c WHERE c.project = k.project AND c.client_id = k.client AND c.client_revision = k.number LIMIT 1)
        OR (SELECT true FROM answers a WHERE a.project = k.project AND a.client_id = k.client AND a.client_revision = k.number LIMIT 1)
        OR (SELECT l.last_revision >= k.number OR k.is_new AND l.sub IS DISTINCT FROM k.sub FROM clients l WHERE l.project = k.project AND l.client_id = k.client)
     GROUP BY k.project`,
    columns(keys, 5),
  );
  return new Map(rows.map(({ project, clients }) => [project, clients]));
}

async function write(query: Query, batch: readonly ProjectCommit[]): Promise<void> {
  const clients = batch.flatMap(({ project, at, newClients }) => newClients.map(({ clientId, sub }) => [project, clientId, sub, at]));
  if (clients.length > 0) {
    await query(
      `INSERT INTO clients SELECT project, client, sub, 0, $5::bytea, at FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS n(project, client, sub, at)
       ON CONFLICT DO NOTHING`,
      [...columns(clients, 4), noAcks],
    );
  }
  const changes = batch.flatMap(({ project, changes }) => changes.map((change) => ({ project, ...change })));
  if (changes.length > 0) {
    const texts = (name: "project" | "clientId" | "author" | "sub" | "madeAt" | "intent" | "payload" | "notices" | "inverse") =>
      textList(changes.map((change) => change[name]));
    const integers = (name: "revision" | "clientRevision") => integerList(changes.map((change) => change[name]));
    await query(
      `INSERT INTO changes SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[],
       $10::text[], $11::text[], $12::text[])`,
      [
        texts("project"),
        integers("revision"),
        texts("clientId"),
        integers("clientRevision"),
        texts("author"),
        texts("sub"),
        bigintList(changes.map(({ at }) => at)),
        texts("madeAt"),
        texts("intent"),
        texts("payload"),
        texts("notices"),
        texts("inverse"),
      ],
    );
  }
  const answers = batch.flatMap(({ project, answers }) => answers.map(({ clientId, clientRevision, body }) => [project, clientId, clientRevision, body]));
  if (answers.length > 0) {
    const values = columns(answers, 4);
    await query("INSERT INTO answers SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[])", values);
    await query(
      `DELETE FROM answers a USING (SELECT project, client, max(number) AS number FROM unnest($1::text[], $2::text[], $3::integer[]) AS n(project, client, number)
       GROUP BY project, client) k WHERE a.project = k.project AND a.client_id = k.client AND a.client_revision <= k.number - ${rememberedAnswers}`,
      values.slice(0, 3),
    );
  }
  const moved = new Map(batch.filter(({ base, revision }) => revision > base).map((commit) => [commit.project, commit]));
  if (moved.size === 0) return;
  await query(
    `WITH moved AS (
       UPDATE projects p SET revision = m.revision, updated_at = greatest(p.updated_at, m.at), name = m.name, tasks = m.tasks
       FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::integer[]) AS m(id, revision, at, name, tasks) WHERE p.id = m.id
       RETURNING p.id, p.revision
     )
     SELECT pg_notify('${channel}', json_build_array(id, revision)::text) FROM moved`,
    columns(
      [...moved.values()].map(({ project, revision, at, name, tasks }) => [project, revision, at, name, tasks]),
      5,
    ),
  );
}

/** Rows turned on their side: one list for each of `count` columns, as `unnest` takes them. */
function columns(rows: readonly (readonly unknown[])[], count: number): unknown[][] {
  return Array.from({ length: count }, (_, i) => rows.map((row) => row[i]));
}
