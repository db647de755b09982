import { type Static, Type } from "@sinclair/typebox";
import type { Changeset, Conflict, Notice } from "../changes/changeset.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { ChangesetSchema, ConflictSchema, ErrorAction, NoticeSchema, Revision } from "./parts.ts";

/** The change is on disk. `normalised` is the whole changeset as applied, where it differs from what was sent. */
export const AckSchema = Type.Object({
  type: Type.Literal("ack"),
  payload: Type.Object({
    clientRevision: Revision,
    serverRevision: Revision,
    outcome: Type.Union([Type.Literal("applied"), Type.Literal("merged")]),
    normalised: Type.Optional(ChangesetSchema),
    notices: Type.Optional(Type.Array(NoticeSchema)),
  }),
});
type WireAck = Static<typeof AckSchema>["payload"];
export type AckMessage = {
  readonly type: "ack";
  readonly payload: Omit<WireAck, "normalised" | "notices"> & { readonly normalised?: Changeset; readonly notices?: readonly Notice[] };
};

/** Somebody else was first: nothing of the changeset was applied, every conflict is listed. */
export const ConflictMessageSchema = Type.Object({
  type: Type.Literal("conflict"),
  payload: Type.Object({
    clientRevision: Revision,
    serverRevision: Revision,
    conflicts: Type.Array(ConflictSchema),
    currentState: Type.Record(Type.String(), Type.Unknown()),
  }),
});
type WireConflict = Static<typeof ConflictMessageSchema>["payload"];
export type ConflictMessage = {
  readonly type: "conflict";
  readonly payload: Omit<WireConflict, "conflicts" | "currentState"> & { readonly conflicts: readonly Conflict[]; readonly currentState: Partial<Snapshot> };
};

/** `fix` and `fatal` with a `clientRevision` use up that number; `retry`, `backoff` and `reauth` do not. */
export const ErrorSchema = Type.Object({
  type: Type.Literal("error"),
  payload: Type.Object({
    code: Type.String(),
    message: Type.String(),
    action: ErrorAction,
    retryAfterMs: Type.Optional(Type.Number()),
    clientRevision: Type.Optional(Revision),
    path: Type.Optional(Type.String()),
  }),
});
export type ErrorMessage = Static<typeof ErrorSchema>;
