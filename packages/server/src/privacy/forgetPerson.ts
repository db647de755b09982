import { ServerError } from "../errors.ts";
import { systemScheduler } from "../interfaces/scheduler.ts";
import type { PostgresStore } from "../stores/postgres/postgresStore.ts";
import type { SqliteStore } from "../stores/sqlite/sqliteStore.ts";
import { type Forgotten, forgetInProject } from "./forgetInProject.ts";
import { Person, type Sought } from "./person.ts";

export interface ForgetReport {
  readonly alias: string;
  readonly projects: readonly Forgotten[];
  /** Lines of the audit log. */
  readonly audit: number;
}

/** After this time every server of a cluster has asked how the projects stand, and has let go of what it had in memory. */
const settleMs = 4_000;
const maxPasses = 5;

/**
 * D12: puts a pseudonym in a person's place everywhere but in texts that people typed. Servers on the same PostgreSQL may run: one of them may still write an old
 * name between two passes, so it is looked for again until nothing is found.
 */
export async function forgetPerson(store: SqliteStore | PostgresStore, sought: Sought): Promise<ForgetReport> {
  const person = await identify(store, sought);
  const projects = new Map<string, Forgotten>();
  for (let passes = 1; ; passes++) {
    let found = 0;
    for (const { id } of await store.projects()) {
      const now = await store.maintenance.transaction((query) => forgetInProject(query, id, person, Date.now()));
      const before = projects.get(id);
      found += now.changes + now.comments + now.answers + now.snapshots;
      projects.set(id, before ? sum(before, now) : now);
    }
    if (!("shared" in store) || found === 0) break;
    if (passes === maxPasses) {
      throw new ServerError(
        "still_named",
        "retry",
        `After ${maxPasses} passes the name is still being written. Take the person's access away, then run this again.`,
      );
    }
    await new Promise<void>((done) => systemScheduler.after(settleMs, done));
  }
  return { alias: person.alias, projects: [...projects.values()], audit: await forgetInAudit(store, person, sought) };
}

async function identify(store: SqliteStore | PostgresStore, sought: Sought): Promise<Person> {
  const { sub } = sought;
  if (sub === undefined) return new Person(sought, []);
  const rows = await store.maintenance.moment(async (query) => [
    ...(await query<{ name: string }>("SELECT DISTINCT author AS name FROM changes WHERE sub = $1", [sub])),
    ...(await query<{ name: string }>("SELECT DISTINCT author AS name FROM versions WHERE sub = $1", [sub])),
    ...(await query<{ name: string }>("SELECT DISTINCT actor AS name FROM audit WHERE sub = $1", [sub])),
  ]);
  return new Person(
    sought,
    rows.map(({ name }) => name),
  );
}

function forgetInAudit(store: SqliteStore | PostgresStore, person: Person, { sub, name }: Sought): Promise<number> {
  return store.maintenance.transaction(async (query) => {
    let lines = 0;
    if (sub !== undefined) {
      await query("DELETE FROM sessions WHERE sub = $1", [sub]);
      lines += (await query("UPDATE audit SET actor = $1, sub = $2 WHERE sub = $3 RETURNING id", [person.alias, person.aliasSub, sub])).length;
    }
    const actors = name === undefined ? [] : await query<{ actor: string }>("SELECT DISTINCT actor FROM audit WHERE sub IS NULL");
    for (const { actor } of actors) {
      if (!person.wrote(null, actor)) continue;
      lines += (await query("UPDATE audit SET actor = $1 WHERE sub IS NULL AND actor = $2 RETURNING id", [person.alias, actor])).length;
    }
    return lines;
  });
}

const sum = (a: Forgotten, b: Forgotten): Forgotten => ({
  project: a.project,
  changes: a.changes + b.changes,
  comments: a.comments + b.comments,
  answers: a.answers + b.answers,
  snapshots: a.snapshots + b.snapshots,
  mentions: b.mentions,
});
