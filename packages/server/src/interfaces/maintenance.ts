/** One statement; `$1`, `$2`, … stand in the order of the values. Both stores have the same tables, so one text serves both. */
export type Query = <R>(text: string, values?: readonly unknown[]) => Promise<R[]>;

/** What operators do to a store, beside what the server does. */
export interface Maintenance {
  /** Work on the rows themselves; all of it becomes durable, or none. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Reads within one moment: nothing that others commit meanwhile is seen. */
  moment<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** What the database itself finds damaged, below the meaning of its rows; empty where it is sound. */
  faults(): Promise<readonly string[]>;
  /** Gives back to the disk what deleted rows took. */
  shrink(): Promise<void>;
}
