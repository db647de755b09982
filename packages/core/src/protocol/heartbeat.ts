import { type Static, Type } from "@sinclair/typebox";

/**
 * Every 30 s from the client, with the task it works on; the server echoes the bare message (W8). A client that computes dates and has nothing pending says
 * what it made of a revision: `scheduleHash` is `engineVersion:hash()` of its schedule. A server whose own says otherwise at that revision sends a `sync`.
 */
export const HeartbeatSchema = Type.Object({
  type: Type.Literal("heartbeat"),
  payload: Type.Optional(
    Type.Object({
      activeTask: Type.Optional(Type.String({ maxLength: 64 })),
      revision: Type.Optional(Type.Integer({ minimum: 0 })),
      scheduleHash: Type.Optional(Type.String({ maxLength: 64 })),
    }),
  ),
});
export type HeartbeatMessage = Static<typeof HeartbeatSchema>;
