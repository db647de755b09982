import { type Static, Type } from "@sinclair/typebox";
import type { Snapshot } from "../model/snapshot.ts";
import { type Broadcast, BroadcastSchema } from "./broadcast.ts";
import { Revision, SnapshotSchema } from "./parts.ts";

/** The whole project. */
export const SyncSchema = Type.Object({ type: Type.Literal("sync"), payload: SnapshotSchema });
export type SyncMessage = { readonly type: "sync"; readonly payload: Snapshot };

/** Every change after `from` up to `to`, in order. */
export const DeltaSchema = Type.Object({
  type: Type.Literal("delta"),
  payload: Type.Object({ from: Revision, to: Revision, changesets: Type.Array(BroadcastSchema), authors: Type.Record(Type.String(), Type.String()) }),
});
type Wire = Static<typeof DeltaSchema>;
export type DeltaMessage = { readonly type: "delta"; readonly payload: Omit<Wire["payload"], "changesets"> & { readonly changesets: readonly Broadcast[] } };
