import { type Static, Type } from "@sinclair/typebox";
import { Revision } from "./parts.ts";

/** Decided on the server at its revision; answered like `changes`, and the result goes out as `changes`. */
export const CommandSchema = Type.Object({
  type: Type.Literal("command"),
  revision: Type.Integer({ minimum: 1 }),
  baseRevision: Revision,
  name: Type.Union([Type.Literal("captureBaseline"), Type.Literal("level")]),
  args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type CommandMessage = Static<typeof CommandSchema>;
