import { existsSync } from "node:fs";
import { bad, type Config } from "../config.ts";
import { ServerError } from "../errors.ts";
import { restoreFolder, restorePostgres } from "../stores/backup.ts";
import { renewEpochs } from "../stores/copying.ts";
import type { PostgresStore } from "../stores/postgres/postgresStore.ts";
import type { Command } from "./command.ts";
import { openStore } from "./openStore.ts";

export const restore: Command = {
  operands: ["[FILE]"],
  settings: ["data", "database", "database-file"],
  options: [{ name: "in-place", about: "the database was brought back by other means (pg_restore, a disk snapshot): make it known as such" }],
  notes: [
    "Clients may have seen revisions that the backup does not have. A restore gives every project a new epoch, which tells them to take the plan anew; what they\nhave not sent yet is judged on top of it. Do this also after restoring by other means, before servers start.",
  ],
  async run(call) {
    const [file] = call.operands;
    if (call.has("in-place") === (file !== undefined)) throw bad("livegantt restore", "needs a FILE, or --in-place.");
    const projects = file === undefined ? await inPlace(call.config) : await put(file, call.config);
    call.print({ projects }, [`${projects} projects are ready. Start the server.`]);
    return 0;
  },
};

async function put(file: string, config: Config): Promise<number> {
  if (!existsSync(file)) throw new ServerError("file_unreadable", "fix", `There is no file "${file}".`);
  if (config.database === undefined) return restoreFolder(file, config.data);
  const { store } = await openStore(config, "write");
  try {
    return await restorePostgres(file, store as PostgresStore);
  } finally {
    await store.close();
  }
}

async function inPlace(config: Config): Promise<number> {
  const { store } = await openStore(config, "alone");
  try {
    return await store.maintenance.transaction(renewEpochs);
  } finally {
    await store.close();
  }
}
