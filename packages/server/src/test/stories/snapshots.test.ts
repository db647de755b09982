import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ProjectCommit, type SnapshotRow, StoreError } from "../../interfaces/store.ts";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { SqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { atEnd, newProject, Probe, rename, startServer, temporaryFolder } from "../harness.ts";

/** Something that is waited for until somebody opens it. `reached`: somebody waits. */
function gate() {
  let open: () => void = () => {};
  let arrive: () => void = () => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  const reached = new Promise<void>((done) => {
    arrive = done;
  });
  return {
    open: () => open(),
    reached,
    pass() {
      arrive();
      return opened;
    },
  };
}

describe("P3 snapshots", () => {
  it("P3 hold nothing that may still fail, also where one has to wait for another", async () => {
    const saving = gate();
    const committing = gate();
    let failing = false;
    class Slow extends SqliteStore {
      override async saveSnapshot(project: string, snapshot: SnapshotRow) {
        await saving.pass();
        return super.saveSnapshot(project, snapshot);
      }
      override async commit(batch: readonly ProjectCommit[]) {
        if (!failing) return super.commit(batch);
        await committing.pass();
        throw new StoreError("storage_unavailable", "the disk is full");
      }
    }
    const store = new Slow(openDatabase(join(temporaryFolder(), "livegantt.db")));
    atEnd(() => store.close());
    const { url, sync } = await startServer({ store, limits: { snapshotEvery: 1 } });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    // Given a snapshot that is being written, and another one that waits for it
    await ada.change(rename("a", "A1"));
    await saving.reached;
    const saved = sync.rooms.peek(id)?.save();
    // When a change is decided meanwhile, and its commit fails in the end
    failing = true;
    ada.post(rename("a", "never"), { revision: 2 });
    await committing.reached;
    saving.open();
    await new Promise((done) => setImmediate(done));
    await new Promise((done) => setImmediate(done));
    committing.open();
    await ada.next("error");
    await saved;
    // Then no snapshot knows of it
    expect((await store.snapshot(id))?.revision).toBe(1);
  });
});
