import { fromDatabase, toDatabase } from "../postgres/text.ts";
import type { Constructor, Database, OpenOptions, SqlValue, Statement } from "./library.ts";

/** A library that reads texts as C strings, made to keep NUL: texts that hold one are marked on the way in and restored on the way out. */
export function keepingNul(Opened: Constructor): Constructor {
  return class implements Database {
    readonly #db: Database;

    constructor(file: string, options: OpenOptions = {}) {
      this.#db = new Opened(file, options);
    }

    exec(sql: string): unknown {
      return this.#db.exec(sql);
    }

    prepare(sql: string): Statement {
      const statement = this.#db.prepare(sql);
      return {
        run: (...values) => statement.run(...values.map(into)),
        get: (...values) => outOf(statement.get(...values.map(into))),
        all: (...values) => statement.all(...values.map(into)).map(outOf),
      };
    }

    close(): void {
      this.#db.close();
    }
  };
}

const into = (value: SqlValue): SqlValue => toDatabase(value) as SqlValue;

function outOf(row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, fromDatabase(value)]));
}
