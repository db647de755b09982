import { type Static, Type } from "@sinclair/typebox";
import { Revision } from "./parts.ts";

/** Asks for the whole project. */
export const RequestSyncSchema = Type.Object({ type: Type.Literal("request_sync") });
export type RequestSyncMessage = Static<typeof RequestSyncSchema>;

/** Asks for what happened after a revision. */
export const RequestDeltaSchema = Type.Object({ type: Type.Literal("request_delta"), payload: Type.Object({ lastRevision: Revision }) });
export type RequestDeltaMessage = Static<typeof RequestDeltaSchema>;
