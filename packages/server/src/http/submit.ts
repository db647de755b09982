import type { Access } from "../interfaces/access.ts";
import type { ProjectSyncServer } from "../projectSyncServer.ts";
import type { Submission } from "../room/submission.ts";

/** The message that a socket would have got: `ack`, `conflict` or `error`. */
export interface Answer {
  readonly type: "ack" | "conflict" | "error";
  readonly payload: Record<string, unknown>;
}

/** Puts a numbered message of a client without a socket in line and waits for its answer. */
export async function submit(
  server: ProjectSyncServer,
  project: string,
  access: Access,
  wish: Omit<Submission, "sub" | "role" | "answer" | "member">,
): Promise<Answer> {
  const room = await server.rooms.open(project);
  const sub = access.sub ?? null;
  await room.retain(wish.clientId, sub);
  try {
    const text = await new Promise<string>((answer) => room.submit({ ...wish, sub, role: access.role, answer }));
    return JSON.parse(text) as Answer;
  } finally {
    room.release(wish.clientId);
  }
}
