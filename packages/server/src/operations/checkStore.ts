import type { PostgresStore } from "../stores/postgres/postgresStore.ts";
import type { SqliteStore } from "../stores/sqlite/sqliteStore.ts";
import { checkProject, type Fault, type ProjectReport } from "./checkProject.ts";

export interface StoreReport {
  /** Faults of the database below its rows, and of rows that belong to no project. */
  readonly faults: readonly Fault[];
  readonly projects: readonly ProjectReport[];
}

/** A server may fold or go on writing while a project is read; then it is read again. */
const attempts = 3;

/** Checks a whole store without writing to it. @param told hears of each project as it is done. */
export async function checkStore(store: SqliteStore | PostgresStore, told: (report: ProjectReport) => void = () => {}): Promise<StoreReport> {
  const faults: Fault[] = (await store.maintenance.faults()).map((message) => ({ code: "database_damaged", message }));
  const strangers = await store.maintenance.moment((query) =>
    query<{ project: string; client: string }>(
      `SELECT DISTINCT h.project, h.client_id AS client FROM changes h LEFT JOIN clients c ON c.project = h.project AND c.client_id = h.client_id
       WHERE c.client_id IS NULL ORDER BY h.project, h.client_id LIMIT 20`,
    ),
  );
  for (const { project, client } of strangers)
    faults.push({
      project,
      code: "client_unknown",
      message: `changes of the client "${client}" are in the log, its counter is not: a repeat would be applied twice`,
    });
  const projects: ProjectReport[] = [];
  for (const { id } of await store.projects()) {
    const report = await steady(store, id);
    if (!report) continue;
    projects.push(report);
    told(report);
  }
  return { faults, projects };
}

async function steady(store: SqliteStore | PostgresStore, id: string): Promise<ProjectReport | undefined> {
  for (let attempt = 1; ; attempt++) {
    const info = await store.project(id);
    if (!info) return undefined;
    const oldest = await store.oldestChange(id);
    const report = await checkProject(store, info);
    if (report.faults.length === 0 || attempt === attempts) return report;
    const [now, oldestNow] = [await store.project(id), await store.oldestChange(id)];
    if (now?.revision === info.revision && oldestNow?.revision === oldest?.revision) return report;
  }
}
