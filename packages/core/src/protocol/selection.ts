import { type Static, Type } from "@sinclair/typebox";
import { Ghost, SelectionMode } from "./parts.ts";

const place = {
  taskId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  field: Type.Optional(Type.String({ maxLength: 64 })),
  mode: Type.Optional(SelectionMode),
  ghost: Type.Optional(Ghost),
};

/** Where a person works: a task, a field, a drag with its ghost. Never in history. */
export const SelectionSchema = Type.Object({ type: Type.Literal("selection"), payload: Type.Object(place) });
export type SelectionMessage = Static<typeof SelectionSchema>;

export const RemoteSelectionSchema = Type.Object({
  type: Type.Literal("selection"),
  payload: Type.Object({ clientId: Type.String(), userName: Type.String(), color: Type.String(), ...place }),
});
export type RemoteSelectionMessage = Static<typeof RemoteSelectionSchema>;
