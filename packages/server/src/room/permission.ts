import { type Changeset, recordKinds } from "@livegantt/core";
import { atLeast, type Role } from "../interfaces/access.ts";

/** D6: why a role may not make a change, or nothing where it may. Comments need `commenter`, everything else `editor`. */
export function refusalOf(role: Role, payload: Changeset): string | undefined {
  if (atLeast(role, "editor")) return undefined;
  if (role === "viewer") return "You may look at this project, not change it. Ask an admin of the project for an editor link.";
  const other = recordKinds.find((kind) => kind !== "comments" && payload[kind] !== undefined);
  return other && `You may comment on this project, not change its ${other}. Ask an admin of the project for an editor link.`;
}
