import { type Static, Type } from "@sinclair/typebox";

/** Shapes that several messages share. Field values are checked against the register table when a changeset is applied. */
export const Id = Type.String({ minLength: 1, maxLength: 64 });
export const Revision = Type.Integer({ minimum: 0 });
const Fields = Type.Record(Type.String(), Type.Unknown());
const Added = Type.Intersect([Type.Object({ id: Type.String() }), Fields]);
const Updated = Type.Object({ id: Type.String(), changes: Fields, was: Type.Optional(Fields) });
const Ids = Type.Array(Type.String());
const Removed = Type.Object({
  id: Type.String(),
  seen: Type.Optional(Type.Object({ tasks: Type.Optional(Ids), dependencies: Type.Optional(Ids), assignments: Type.Optional(Ids) })),
});
const Part = Type.Optional(
  Type.Object(
    { added: Type.Optional(Type.Array(Added)), updated: Type.Optional(Type.Array(Updated)), removed: Type.Optional(Type.Array(Removed)) },
    { additionalProperties: false },
  ),
);
export const ChangesetSchema = Type.Object(
  {
    tasks: Part,
    dependencies: Part,
    resources: Part,
    assignments: Part,
    calendars: Part,
    comments: Part,
    project: Type.Optional(Type.Object({ updated: Type.Array(Updated) }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);

export const Role = Type.Union([Type.Literal("viewer"), Type.Literal("commenter"), Type.Literal("editor"), Type.Literal("admin")]);
export type Role = Static<typeof Role>;

export const UserSchema = Type.Object({
  clientId: Id,
  name: Type.String(),
  avatar: Type.Optional(Type.String()),
  color: Type.String(),
  activeTask: Type.Optional(Type.String()),
  joinedAt: Type.String(),
});
export type User = Static<typeof UserSchema>;

export const Ghost = Type.Object({ startDate: Type.String({ maxLength: 40 }), endDate: Type.String({ maxLength: 40 }) });
export const SelectionMode = Type.Union([Type.Literal("select"), Type.Literal("edit"), Type.Literal("drag")]);

export const NoticeSchema = Type.Object({
  kind: Type.Union(["rescued", "merged_into", "key_repaired", "overwritten", "cascaded", "snapped"].map((kind) => Type.Literal(kind))),
  collection: Type.String(),
  id: Type.String(),
  register: Type.Optional(Type.String()),
  previous: Type.Optional(Type.Unknown()),
  by: Type.Optional(Type.String()),
});

export const ConflictSchema = Type.Object({
  type: Type.String(),
  collection: Type.String(),
  id: Type.String(),
  fields: Type.Optional(Type.Record(Type.String(), Type.Object({ base: Type.Unknown(), local: Type.Unknown(), server: Type.Unknown() }))),
  serverRevision: Type.Optional(Revision),
  by: Type.Optional(Type.Object({ clientId: Type.String(), name: Type.String() })),
  at: Type.Optional(Type.String()),
  path: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Type.String() }))),
  restore: Type.Optional(ChangesetSchema),
});

export const SnapshotSchema = Type.Object({
  revision: Revision,
  project: Added,
  tasks: Type.Array(Added),
  dependencies: Type.Array(Added),
  resources: Type.Array(Added),
  assignments: Type.Array(Added),
  calendars: Type.Array(Added),
  comments: Type.Array(Added),
});

/** What an author must do about an error. */
export const ErrorAction = Type.Union([
  Type.Literal("retry"),
  Type.Literal("backoff"),
  Type.Literal("fix"),
  Type.Literal("reauth"),
  Type.Literal("upgrade"),
  Type.Literal("fatal"),
]);
export type ErrorAction = Static<typeof ErrorAction>;
