import { type Static, Type } from "@sinclair/typebox";
import type { Snapshot } from "../model/snapshot.ts";
import { Revision, Role, SnapshotSchema, UserSchema } from "./parts.ts";

/** Answer to `hello`. `project` is null where `lastRevision` was given; then a `delta` or a `sync` follows. */
export const InitSchema = Type.Object({
  type: Type.Literal("init"),
  payload: Type.Object({
    protocol: Type.Integer(),
    clientId: Type.String(),
    epoch: Type.String(),
    revision: Revision,
    role: Role,
    lastClientRevision: Revision,
    project: Type.Union([SnapshotSchema, Type.Null()]),
    users: Type.Array(UserSchema),
  }),
});
type Wire = Static<typeof InitSchema>;
export type InitMessage = { readonly type: "init"; readonly payload: Omit<Wire["payload"], "project"> & { readonly project: Snapshot | null } };
