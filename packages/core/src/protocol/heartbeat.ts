import { type Static, Type } from "@sinclair/typebox";

/** Every 30 s from the client, with the task it works on; the server echoes the bare message (W8). */
export const HeartbeatSchema = Type.Object({
  type: Type.Literal("heartbeat"),
  payload: Type.Optional(Type.Object({ activeTask: Type.Optional(Type.String({ maxLength: 64 })) })),
});
export type HeartbeatMessage = Static<typeof HeartbeatSchema>;
