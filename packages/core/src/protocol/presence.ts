import { type Static, Type } from "@sinclair/typebox";
import { UserSchema } from "./parts.ts";

/** Everybody who is here. */
export const PresenceSchema = Type.Object({ type: Type.Literal("presence"), payload: Type.Object({ users: Type.Array(UserSchema) }) });
export type PresenceMessage = Static<typeof PresenceSchema>;

export const UserJoinedSchema = Type.Object({ type: Type.Literal("user_joined"), payload: Type.Object({ clientId: Type.String(), user: UserSchema }) });
export type UserJoinedMessage = Static<typeof UserJoinedSchema>;

export const UserLeftSchema = Type.Object({ type: Type.Literal("user_left"), payload: Type.Object({ clientId: Type.String(), user: UserSchema }) });
export type UserLeftMessage = Static<typeof UserLeftSchema>;
