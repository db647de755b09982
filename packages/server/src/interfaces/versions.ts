import type { AuditRow } from "./audit.ts";

/** A name that somebody gave to a revision. */
export interface VersionRow {
  readonly revision: number;
  readonly name: string;
  readonly author: string;
  readonly sub: string | null;
  /** ms since the epoch. */
  readonly at: number;
}

export interface VersionStore {
  /**
   * Keeps a version and `body`, the snapshot of its revision, which stays through `Store.prune`, together with its line of the audit log. A name that the revision has already
   * is kept as it is. @returns the version as it stands, and whether it was made now.
   * @throws StoreError `exists` where the project is gone.
   */
  add(project: string, version: VersionRow, body: Uint8Array, audit: AuditRow): Promise<{ readonly version: VersionRow; readonly made: boolean }>;
  /** Newest revision first. */
  list(project: string): Promise<VersionRow[]>;
}
