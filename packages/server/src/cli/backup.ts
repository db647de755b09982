import { statSync } from "node:fs";
import { writeBackup } from "../stores/backup.ts";
import type { Command } from "./command.ts";
import { openStore } from "./openStore.ts";
import { size } from "./table.ts";

export const backup: Command = {
  operands: ["FILE"],
  settings: ["data", "database", "database-file"],
  options: [],
  notes: [
    "The file holds the whole store as it is at one moment: plans, history, versions, links, audit log. It is an SQLite database in both cases, so a backup of\nPostgreSQL can be checked (livegantt check FILE) and restored without one. No file is overwritten.",
  ],
  async run(call) {
    const [file = ""] = call.operands;
    const started = performance.now();
    const { store } = await openStore(call.config, "read");
    try {
      const projects = await writeBackup(store, file);
      const { size: bytes } = statSync(file);
      const seconds = Math.round(performance.now() - started) / 1000;
      call.print({ file, projects, bytes, seconds }, [`Wrote ${file}: ${projects} projects, ${size(bytes)}, in ${seconds.toFixed(1)} s.`]);
      return 0;
    } finally {
      await store.close();
    }
  },
};
