import type { TSchema } from "@sinclair/typebox";
import { type AckMessage, AckSchema, type ConflictMessage, ConflictMessageSchema, type ErrorMessage, ErrorSchema } from "./answers.ts";
import { type Broadcast, BroadcastSchema } from "./broadcast.ts";
import { type ChangesMessage, ChangesSchema } from "./changes.ts";
import { type CommandMessage, CommandSchema } from "./command.ts";
import { type HeartbeatMessage, HeartbeatSchema } from "./heartbeat.ts";
import { type HelloMessage, HelloSchema } from "./hello.ts";
import { type InitMessage, InitSchema } from "./init.ts";
import { type PresenceMessage, PresenceSchema, type UserJoinedMessage, UserJoinedSchema, type UserLeftMessage, UserLeftSchema } from "./presence.ts";
import { type RequestDeltaMessage, RequestDeltaSchema, type RequestSyncMessage, RequestSyncSchema } from "./requests.ts";
import { type RemoteSelectionMessage, RemoteSelectionSchema, type SelectionMessage, SelectionSchema } from "./selection.ts";
import { type DeltaMessage, DeltaSchema, type SyncMessage, SyncSchema } from "./sync.ts";

export type ClientMessage = HelloMessage | ChangesMessage | CommandMessage | RequestSyncMessage | RequestDeltaMessage | HeartbeatMessage | SelectionMessage;
export type ServerMessage =
  | InitMessage
  | SyncMessage
  | DeltaMessage
  | Broadcast
  | AckMessage
  | ConflictMessage
  | PresenceMessage
  | UserJoinedMessage
  | UserLeftMessage
  | RemoteSelectionMessage
  | ErrorMessage
  | { readonly type: "heartbeat" };

/** Schemas by message type, for a parser on each side. */
export const clientMessageSchemas = {
  hello: HelloSchema,
  changes: ChangesSchema,
  command: CommandSchema,
  request_sync: RequestSyncSchema,
  request_delta: RequestDeltaSchema,
  heartbeat: HeartbeatSchema,
  selection: SelectionSchema,
} as const satisfies Record<ClientMessage["type"], TSchema>;

export const serverMessageSchemas = {
  init: InitSchema,
  sync: SyncSchema,
  delta: DeltaSchema,
  changes: BroadcastSchema,
  ack: AckSchema,
  conflict: ConflictMessageSchema,
  presence: PresenceSchema,
  user_joined: UserJoinedSchema,
  user_left: UserLeftSchema,
  selection: RemoteSelectionSchema,
  error: ErrorSchema,
} as const satisfies Partial<Record<ServerMessage["type"], TSchema>>;
