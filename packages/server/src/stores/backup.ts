import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ServerError } from "../errors.ts";
import { StoreError } from "../interfaces/store.ts";
import { copyRows, renewEpochs } from "./copying.ts";
import type { PostgresStore } from "./postgres/postgresStore.ts";
import { databaseFile } from "./sqlite/opening.ts";
import { openSqliteFile, openSqliteStore, type SqliteStore } from "./sqlite/sqliteStore.ts";

/**
 * Writes the whole store, as it is at one moment, into one SQLite file: servers go on writing meanwhile. The file appears under its name when it is whole and on disk.
 * Its projects have epochs of their own, so that it may also be put in place by hand.
 * @returns how many projects it holds.
 */
export async function writeBackup(store: SqliteStore | PostgresStore, file: string): Promise<number> {
  if (existsSync(file)) throw new ServerError("file_exists", "fix", `The file "${file}" exists already. Give another name; no backup is ever overwritten.`);
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  try {
    if (store.kind === "sqlite") await (store as SqliteStore).copyTo(partial);
    else await copyFrom(store, partial);
    const projects = await finish(partial);
    renameSync(partial, file);
    sync(dirname(file));
    return projects;
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

async function copyFrom(store: SqliteStore | PostgresStore, file: string): Promise<void> {
  const copy = openSqliteFile(file, "serve");
  try {
    await store.maintenance.moment((from) => copy.maintenance.transaction((to) => copyRows(from, to, to)));
  } finally {
    await copy.close();
  }
}

async function finish(file: string): Promise<number> {
  const copy = openSqliteFile(file, "alone");
  try {
    const faults = await copy.maintenance.faults();
    if (faults.length > 0)
      throw new ServerError("backup_damaged", "fix", `The copy is damaged, so it was thrown away: ${faults.join("; ")}. Run "livegantt check".`);
    return await copy.maintenance.transaction(renewEpochs);
  } finally {
    await copy.close();
    sync(file);
  }
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Puts a backup into a folder that holds no database. @returns how many projects it holds. */
export async function restoreFolder(backup: string, folder: string): Promise<number> {
  const file = databaseFile(folder);
  if (existsSync(file)) throw new StoreError("exists", `There is a database in "${folder}" already. Move it away first; nothing was changed.`);
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  copyFileSync(backup, partial);
  await upgrade(partial);
  const projects = await finish(partial);
  renameSync(partial, file);
  sync(folder);
  return projects;
}

/** Puts a backup into a PostgreSQL database that holds no project. @returns how many projects it holds. */
export async function restorePostgres(backup: string, store: PostgresStore): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "livegantt-restore-"));
  try {
    copyFileSync(backup, databaseFile(folder));
    await upgrade(databaseFile(folder));
    const source = openSqliteStore(folder, "read");
    try {
      return await source.maintenance.moment((from) =>
        store.maintenance.transaction(async (to) => {
          const [taken] = await to<{ id: string }>("SELECT id FROM projects LIMIT 1");
          if (taken) throw new StoreError("exists", "The PostgreSQL database holds projects already. Restore into an empty one; nothing was changed.");
          await to("DELETE FROM settings");
          await copyRows(from, to, from);
          return renewEpochs(to);
        }),
      );
    } finally {
      await source.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A backup of an older version gets today's tables. @throws StoreError where it is damaged, or of a newer version. */
async function upgrade(file: string): Promise<void> {
  await openSqliteFile(file, "serve").close();
}
