import { type Static, Type } from "@sinclair/typebox";
import { Id, Revision } from "./parts.ts";

/** First message of a client, within 10 s. Without `lastRevision` the answer carries the whole project. */
export const HelloSchema = Type.Object({
  type: Type.Literal("hello"),
  protocol: Type.Integer({ minimum: 0 }),
  clientId: Type.Optional(Id),
  token: Type.Optional(Type.String({ maxLength: 16_384 })),
  user: Type.Optional(Type.Object({ name: Type.String({ maxLength: 255 }), avatar: Type.Optional(Type.String({ maxLength: 4096 })) })),
  lastRevision: Type.Optional(Revision),
});
export type HelloMessage = Static<typeof HelloSchema>;
