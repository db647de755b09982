import { bad } from "../config.ts";
import { apiOptions, apiSettings, openApi } from "./api.ts";
import type { Command } from "./command.ts";

export const purge: Command = {
  operands: ["PROJECT"],
  settings: apiSettings,
  options: [...apiOptions, { name: "yes", about: "I mean it: nothing brings the project back but a backup" }],
  notes: [
    "A project in an embedded database is erased through its running server (--url), or while no server runs. Servers on PostgreSQL follow by themselves.",
  ],
  async run(call) {
    const [project = ""] = call.operands;
    if (!call.has("yes")) throw bad("livegantt purge", `erases the project "${project}" for good. Say --yes if you mean it.`);
    const api = await openApi(call, "alone");
    try {
      await api.call("DELETE", `/api/projects/${encodeURIComponent(project)}?purge=true`);
      call.print({ purged: project }, [`Erased the project ${project}.`]);
      return 0;
    } finally {
      await api.close();
    }
  },
};
