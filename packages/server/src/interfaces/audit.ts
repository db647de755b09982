/** What the audit log records. */
export const auditActions = [
  "link.created",
  "link.revoked",
  "link.opened",
  "version.named",
  "restored",
  "exported",
  "archived",
  "unarchived",
  "purged",
  "refused",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One line of the audit log: who did what to a project. `detail` holds ids, roles and numbers, never content of the plan, so that it may outlive the project. */
export interface AuditRow {
  readonly project: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly action: AuditAction;
  /** Name of the person, and the token's subject where there is one. */
  readonly actor: string;
  readonly sub: string | null;
  /** JSON text of an object. */
  readonly detail: string | null;
}

export interface AuditEntry extends AuditRow {
  /** Grows with each row; the page after this one starts below its last id. */
  readonly id: number;
}

export interface AuditQuery {
  /** Only ids below this. */
  readonly before?: number;
  readonly limit: number;
  readonly action?: AuditAction;
}

/** Append-only, by triggers of the database too: rows never go, and of a row only `actor` and `sub` may be written anew (a person asks to be forgotten). It outlives its project. */
export interface AuditStore {
  append(row: AuditRow): Promise<void>;
  /** Newest first. */
  page(project: string, query: AuditQuery): Promise<AuditEntry[]>;
}
