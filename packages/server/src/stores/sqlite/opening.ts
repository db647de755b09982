import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { StoreError } from "../../interfaces/store.ts";
import { openDatabase } from "./database.ts";
import type { Database } from "./library.ts";
import { migrate, schemaVersion, migrations as steps } from "./migrations.ts";

/**
 * What a process means to do with the database.
 * `serve`: create it or bring its schema up to date, then write. `write`: write beside a server that may be running, hence never change a schema under it.
 * `read`: change nothing. `alone`: write while no other process has it open, and keep others away until it is closed.
 */
export type OpenMode = "serve" | "write" | "read" | "alone";

export const databaseFile = (folder: string): string => join(folder, "livegantt.db");

const busyMs = 5_000;
const headerBytes = 100;

/** @throws StoreError `no_database` where there is none, and only a server or an import makes one. */
export function openFile(file: string, mode: OpenMode): Database {
  if (mode === "serve" || mode === "write") mkdirSync(dirname(file), { recursive: true });
  else if (!existsSync(file)) throw new StoreError("no_database", `There is no database "${file}". Name another folder with --data or LIVEGANTT_DATA.`);
  refuseCutFile(file);
  try {
    return openDatabase(file, undefined, mode === "read");
  } catch (cause) {
    throw cause instanceof StoreError ? cause : new StoreError("storage_unavailable", `The file "${file}" cannot be opened: ${messageOf(cause)}.`, cause);
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * SQLite reads what is missing at the end of a file as zeros, which the structure of its pages does not always betray. The header says how many there are; where a
 * write-ahead log or a journal stands beside the file, its end may be there.
 */
function refuseCutFile(file: string): void {
  const bytes = sizeOf(file);
  if (bytes < headerBytes || sizeOf(`${file}-wal`) > 0 || sizeOf(`${file}-journal`) > 0) return;
  const header = Buffer.alloc(headerBytes);
  const handle = openSync(file, "r");
  try {
    readSync(handle, header, 0, headerBytes, 0);
  } finally {
    closeSync(handle);
  }
  const isCounted = header.toString("latin1", 0, 15) === "SQLite format 3" && header.readUInt32BE(24) === header.readUInt32BE(92);
  const needed = header.readUInt32BE(28) * (header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16));
  if (isCounted && bytes < needed) throw corrupt(`the file has ${bytes} bytes, ${needed - bytes} are missing at its end`);
}

/** @throws StoreError where the database is damaged, of another schema, or in use. */
export function prepare(db: Database, mode: OpenMode): void {
  try {
    db.exec(`PRAGMA busy_timeout = ${mode === "alone" ? 0 : busyMs}`);
    if (mode === "alone") takeAlone(db);
    if (mode !== "read") {
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("PRAGMA synchronous = FULL");
      // Pages: a checkpoint stalls commits for some ms, so it is worth having fewer of them.
      db.exec("PRAGMA wal_autocheckpoint = 4000");
      db.exec("PRAGMA foreign_keys = ON");
    }
    quickCheck(db);
    if (mode === "serve" || (mode === "write" && schemaVersion(db) === 0)) migrate(db);
    else sameSchema(db);
  } catch (cause) {
    if (isCorruption(cause)) throw corrupt((cause as Error).message, cause);
    if (cause instanceof StoreError) throw cause;
    throw isBusy(cause) ? inUse(cause) : new StoreError("storage_unavailable", `The database cannot be opened: ${messageOf(cause)}.`, cause);
  }
}

/** Every other connection holds a shared lock on the file for as long as it is open. */
function takeAlone(db: Database): void {
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  db.exec("BEGIN IMMEDIATE");
  db.exec("COMMIT");
}

function sameSchema(db: Database): void {
  const version = schemaVersion(db);
  if (version < steps.length) {
    const what =
      version === 0 ? "The file is no database of livegantt, or an empty one." : `The database has schema ${version}, this livegantt knows ${steps.length}.`;
    throw new StoreError("older_schema", `${what} "livegantt serve" brings it up to date when it starts; then try again.`);
  }
  migrate(db);
}

/** Bytes up to which a start reads the whole file for damage; beyond, pages are proved as they are read and by the `check` command. */
const quickCheckBytes = 256 * 1024 * 1024;

function quickCheck(db: Database): void {
  if (fileBytes(db) > quickCheckBytes) return;
  const verdict = db.prepare("PRAGMA quick_check(5)").all() as { quick_check: string }[];
  if (verdict[0]?.quick_check !== "ok") throw corrupt(verdict.map((row) => row.quick_check.replace(/\s+/g, " ")).join("; "));
}

export function fileBytes(db: Database): number {
  const pages = db.prepare("PRAGMA page_count").get() as { page_count: number };
  const bytes = db.prepare("PRAGMA page_size").get() as { page_size: number };
  return pages.page_count * bytes.page_size;
}

const corrupt = (reason: string, cause?: unknown): StoreError =>
  new StoreError(
    "corrupt",
    `The database is damaged: ${reason}. livegantt does not start on it, so that nothing gets worse. Restore the last backup, or save what is left with "sqlite3 livegantt.db .recover".`,
    cause,
  );

const inUse = (cause: unknown): StoreError =>
  new StoreError(
    "in_use",
    "Another process has the database open, such as a running server. Stop it and try again, or ask the server itself where the command takes --url. Nothing was changed.",
    cause,
  );

const codeOf = (cause: unknown): string => String((cause as { code?: unknown } | null)?.code ?? "");
const messageOf = (cause: unknown): string => (cause as Error | null)?.message ?? "";

const isCorruption = (cause: unknown): boolean => /SQLITE_(CORRUPT|NOTADB)/.test(codeOf(cause)) || /malformed|not a database/.test(messageOf(cause));
const isBusy = (cause: unknown): boolean => /SQLITE_(BUSY|LOCKED)/.test(codeOf(cause)) || /database (is|table is) locked/.test(messageOf(cause));
