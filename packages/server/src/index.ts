export { type TokenOptions, tokenAccess } from "./auth/tokens.ts";
export type { Committed } from "./embedding/committed.ts";
export type { OnCommitted } from "./embedding/deliveries.ts";
export type { LoadProject } from "./embedding/seeding.ts";
export type { Authenticate, Person } from "./embedding/session.ts";
export { type Action, type ErrorBody, ServerError } from "./errors.ts";
export type { NewProject } from "./http/createProject.ts";
export { type Access, type Authorize, openAccess, type Role } from "./interfaces/access.ts";
export type { Delivered, DeliveryStore } from "./interfaces/deliveries.ts";
export type { Scheduler, Timer } from "./interfaces/scheduler.ts";
export {
  type AnswerRow,
  type ChangeQuery,
  type ChangeRow,
  type ClientRow,
  type CommitResult,
  type Hear,
  type JudgeAgain,
  type ProjectCommit,
  type ProjectInfo,
  rememberedAnswers,
  type SharedStore,
  type SnapshotRow,
  type Store,
  StoreError,
  type StoreErrorCode,
} from "./interfaces/store.ts";
export { defaultLimits, type LimitName, type Limits } from "./limits.ts";
export { type AttachOptions, ProjectSyncServer, type SyncServerOptions } from "./projectSyncServer.ts";
export { createServer, type RunningServer, type ServerOptions } from "./server.ts";
export { openPostgresStore, PostgresStore } from "./stores/postgres/postgresStore.ts";
export { openSqliteStore, SqliteStore } from "./stores/sqlite/sqliteStore.ts";
