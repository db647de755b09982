import { type Static, Type } from "@sinclair/typebox";
import type { Changeset, Notice } from "../changes/changeset.ts";
import { ChangesetSchema, NoticeSchema, Revision } from "./parts.ts";

/** A committed change as everybody but the originating connection gets it; also an element of `delta`. */
export const BroadcastSchema = Type.Object({
  type: Type.Literal("changes"),
  payload: ChangesetSchema,
  revision: Revision,
  /** clientId of the author; the name is in users or in a delta's authors. */
  sender: Type.String(),
  clientRevision: Revision,
  /** Arrival, ms since the epoch. */
  at: Type.Number(),
  intent: Type.Optional(Type.String()),
  notices: Type.Optional(Type.Array(NoticeSchema)),
});
export type Broadcast = Omit<Static<typeof BroadcastSchema>, "payload" | "notices"> & { readonly payload: Changeset; readonly notices?: readonly Notice[] };
