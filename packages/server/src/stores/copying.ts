import { newEpoch } from "../imports/ids.ts";
import type { Query } from "../interfaces/maintenance.ts";

/** Rows moved with one statement. */
const batchRows = 50;
/** PostgreSQL numbers the rows of the audit log itself, and goes on from its highest number. */
const numbered = { table: "audit", column: "id" };

/** Tables with their columns, those first that others refer to: both stores make them in this order. */
async function tablesOf(sqlite: Query): Promise<{ readonly name: string; readonly columns: readonly string[]; readonly key: readonly string[] }[]> {
  const tables = await sqlite<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  return Promise.all(
    tables.map(async ({ name }) => {
      const columns = await sqlite<{ name: string; pk: number }>(`SELECT name, pk FROM pragma_table_info('${name}')`);
      const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      return { name, columns: columns.map((column) => column.name), key: key.map((column) => column.name) };
    }),
  );
}

/** Copies every row of one store into the empty tables of another. `sqlite` is whichever of the two is SQLite: it names tables and columns. */
export async function copyRows(from: Query, to: Query, sqlite: Query): Promise<void> {
  for (const { name, columns, key } of await tablesOf(sqlite)) {
    const overriding = to !== sqlite && name === numbered.table ? "OVERRIDING SYSTEM VALUE " : "";
    for await (const rows of batches(from, name, columns, key)) {
      const values = rows.flatMap((row) => columns.map((column) => row[column]));
      const places = rows.map((_, r) => `(${columns.map((_, c) => `$${r * columns.length + c + 1}`).join(", ")})`);
      await to(`INSERT INTO ${name} (${columns.join(", ")}) ${overriding}VALUES ${places.join(", ")}`, values);
    }
    if (overriding !== "") {
      await to(`SELECT setval(pg_get_serial_sequence('${name}', '${numbered.column}'), (SELECT coalesce(max(${numbered.column}), 0) + 1 FROM ${name}), false)`);
    }
  }
}

/** In the order of the key, each batch after the last key of the one before: no row is read twice, and memory holds one batch. */
async function* batches(query: Query, table: string, columns: readonly string[], key: readonly string[]): AsyncGenerator<Record<string, unknown>[]> {
  let last: readonly unknown[] | undefined;
  for (;;) {
    const after = last ? `WHERE (${key.join(", ")}) > (${key.map((_, i) => `$${i + 1}`).join(", ")})` : "";
    const rows = await query<Record<string, unknown>>(
      `SELECT ${columns.join(", ")} FROM ${table} ${after} ORDER BY ${key.join(", ")} LIMIT ${batchRows}`,
      last,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < batchRows) return;
    last = key.map((column) => rows.at(-1)?.[column]);
  }
}

/**
 * W0: from now on no revision compares with one of before, so a client that has seen later ones than this database takes the whole project anew instead of
 * following a log that is not the one it knew. @returns how many projects there are.
 */
export async function renewEpochs(query: Query): Promise<number> {
  const projects = await query<{ id: string }>("SELECT id FROM projects");
  for (const { id } of projects) await query("UPDATE projects SET epoch = $1 WHERE id = $2", [newEpoch(), id]);
  return projects.length;
}
