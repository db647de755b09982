/** What the store needs of an SQLite library; better-sqlite3, Node's own `node:sqlite` and its copy for older Nodes all have it. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

export type SqlValue = string | number | null | Uint8Array;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

export type OpenOptions = Readonly<Record<string, boolean>>;

export type Constructor = new (file: string, options?: OpenOptions) => Database;
