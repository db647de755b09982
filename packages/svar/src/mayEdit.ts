import type { LiveProject } from "@livegantt/client";

/** Whether this person may change the plan. Before the server has said so (a start without network) an edit is let through: it is judged when it arrives. */
export const mayEdit = (live: Pick<LiveProject, "role" | "roleKnown">): boolean => !live.roleKnown || live.role === "editor" || live.role === "admin";
