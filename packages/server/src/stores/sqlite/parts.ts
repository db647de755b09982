import type { Statement } from "./library.ts";

/** What the parts of the store share: prepared statements, and transactions whose errors are StoreErrors. */
export interface Parts {
  sql(text: string): Statement;
  transaction<T>(work: () => T): T;
}
