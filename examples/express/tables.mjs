// The product's own tables: its people, its projects, and the mirror of what happens in their live plans.
import { randomBytes, scryptSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

const schema = `
  CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, name TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people(id), ends_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS projects (id TEXT PRIMARY KEY, name TEXT NOT NULL, start TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS members (project TEXT NOT NULL REFERENCES projects(id), person TEXT NOT NULL REFERENCES people(id), role TEXT NOT NULL, PRIMARY KEY (project, person));
  CREATE TABLE IF NOT EXISTS tasks (project TEXT NOT NULL REFERENCES projects(id), id TEXT NOT NULL, phase TEXT, name TEXT NOT NULL, days REAL, after TEXT, PRIMARY KEY (project, id));

  CREATE TABLE IF NOT EXISTS mirrors (project TEXT PRIMARY KEY, revision INTEGER NOT NULL, cursor TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS mirror_tasks (project TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, name TEXT, duration REAL, unit TEXT, done REAL, changed_by TEXT, PRIMARY KEY (project, id));
`;

const people = [
  ["ann", "Ann", "plan"],
  ["ben", "Ben", "plan"],
  ["cem", "Cem", "plan"],
];
const tasks = [
  ["shell", null, "Shell", null, null],
  ["dig", "shell", "Dig the trenches", 3, null],
  ["pour", "shell", "Pour the footings", 2, "dig"],
  ["walls", "shell", "Walls", 10, "pour"],
  ["roof", "shell", "Roof", 6, "walls"],
  ["inside", null, "Inside", null, null],
  ["wires", "inside", "Wires and pipes", 8, "roof"],
  ["paint", "inside", "Paint", 4, "wires"],
  ["move", null, "Move in", 0, "paint"],
];

/** Opens the tables, and puts a small project into new ones. */
export function openTables(folder) {
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, "product.db"));
  db.pragma("journal_mode = WAL");
  db.exec(schema);
  db.transaction(() => {
    if (db.prepare("SELECT 1 FROM projects").get()) return;
    for (const [id, name, password] of people) {
      const salt = randomBytes(16);
      db.prepare("INSERT INTO people VALUES (?, ?, ?, ?)").run(id, name, salt, scryptSync(password, salt, 32));
    }
    db.prepare("INSERT INTO projects VALUES ('house', 'A house', '2026-03-02T08:00:00')").run();
    db.prepare("INSERT INTO members VALUES ('house', 'ann', 'editor'), ('house', 'ben', 'viewer')").run();
    for (const row of tasks) db.prepare("INSERT INTO tasks VALUES ('house', ?, ?, ?, ?, ?)").run(...row);
  })();
  return db;
}
