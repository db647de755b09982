import type { Scheduler } from "../../interfaces/scheduler.ts";
import type { LoggedChange } from "../../interfaces/store.ts";
import type { Query } from "./database.ts";
import { integerList, textList } from "./lists.ts";

interface Ask {
  readonly project: string;
  readonly after: number;
  readonly done: (rows: LoggedChange[]) => void;
  readonly fail: (error: unknown) => void;
}

/** Reads what others wrote to many projects: whoever asks at one moment is answered by one statement. */
export class MissedReader {
  readonly #query: Query;
  readonly #scheduler: Scheduler;
  #asks: Ask[] = [];

  constructor(query: Query, scheduler: Scheduler) {
    this.#query = query;
    this.#scheduler = scheduler;
  }

  read(project: string, after: number): Promise<LoggedChange[]> {
    return new Promise((done, fail) => {
      this.#asks.push({ project, after, done, fail });
      if (this.#asks.length === 1) this.#scheduler.soon(() => void this.#answer());
    });
  }

  async #answer(): Promise<void> {
    const asks = this.#asks;
    this.#asks = [];
    try {
      const rows = await this.#query<LoggedChange & { ask: number }>(
        // The limit keeps the planner from reading the whole log for a join: each ask is a walk along the index.
        `SELECT k.ask::integer, c.revision, c.client_id AS "clientId", c.client_revision AS "clientRevision", c.author, c.sub, c.at, c.made_at AS "madeAt", c.intent,
           c.payload, c.notices
         FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS k(project, after, ask)
         CROSS JOIN LATERAL (SELECT * FROM changes WHERE project = k.project AND revision > k.after ORDER BY revision LIMIT 2147483647) AS c
         ORDER BY k.ask, c.revision`,
        [textList(asks.map(({ project }) => project)), integerList(asks.map(({ after }) => after))],
      );
      const found: LoggedChange[][] = asks.map(() => []);
      for (const { ask, ...row } of rows) found[ask - 1]?.push(row);
      for (const [i, { done }] of asks.entries()) done(found[i] ?? []);
    } catch (error) {
      for (const { fail } of asks) fail(error);
    }
  }
}
