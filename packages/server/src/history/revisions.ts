import { ServerError } from "../errors.ts";
import type { Store } from "../interfaces/store.ts";
import type { Room } from "../room/room.ts";
import { type Decided, stateAt } from "../room/storedProject.ts";

/** The project at a revision. @throws ServerError where that lies ahead, or was folded and has no name. */
export async function revisionOf(store: Store, room: Room, revision: number): Promise<Decided> {
  await room.current();
  const newest = room.state.revision;
  if (revision > newest)
    throw new ServerError("revision_not_found", "fix", `There is no revision ${revision}; the newest is ${newest}.`, { status: 404, path: "revision" });
  const decided = await stateAt(store, room.id, revision);
  if (!decided)
    throw new ServerError("history_compacted", "fix", `Revision ${revision} was folded into a later one (limits keepRevisions, keepDays).`, {
      status: 410,
      path: "revision",
    });
  return decided;
}
