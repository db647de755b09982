export type {
  ChangeEvent,
  ConnectionStatus,
  LiveEvents,
  LiveProject,
  OpenConflict,
  PresentUser,
  RejectedEdit,
  RemoteSelection,
  Resolution,
  ScheduleMoves,
  ScheduleWatch,
  Transaction,
} from "./api.ts";
export type { Clock, Connectivity, FetchLike, PageEvents, RandomSource, SocketLike, TabMemory, TimerHandle, WebSocketConstructor } from "./environment.ts";
export { ClientError, type ClientErrorData, type ErrorAction, type SendConflict } from "./errors.ts";
export { type HeldLock, MemoryLocks, type TabLocks, WebLocks } from "./locks.ts";
export { OfflineQueue } from "./offlineQueue.ts";
export { openProject } from "./openProject.ts";
export { OptimisticUpdateManager } from "./optimistic.ts";
export type { OpenProjectOptions, TokenSource } from "./options.ts";
export type { ClientPolicies, ClientPolicy, PolicyDecision, PolicyFunction } from "./policies.ts";
export { type OwnSelection, PresenceManager } from "./presence.ts";
export { Replica } from "./replica.ts";
export type { StorageChoice } from "./storage/choose.ts";
export { IndexedDbStorage } from "./storage/indexedDb.ts";
export { LocalStorage } from "./storage/local.ts";
export { MemoryStorage } from "./storage/memory.ts";
export type { OutboxStorage, StoredValue } from "./storage/storage.ts";
