import { bad } from "../config.ts";
import { forgetPerson } from "../privacy/forgetPerson.ts";
import type { Command } from "./command.ts";
import { openStore } from "./openStore.ts";
import { plain, table } from "./table.ts";

export const forgetUser: Command = {
  operands: [],
  settings: ["data", "database", "database-file"],
  options: [
    { name: "sub", hint: "ID", about: "the person's id in access tokens" },
    { name: "name", hint: "TEXT", about: "the person's name, for what was written under it without a token" },
    { name: "as", hint: "TEXT", about: 'what stands in the name\'s place (default "Former member" and a number)' },
    { name: "yes", about: "I mean it: nothing brings the name back but a backup" },
  ],
  notes: [
    "The name and id go from the history, the comments, the stored answers, the versions, the links and the audit log of every project. Texts that people typed\n(a task called after somebody, an @mention) are the plan's content and stay; those that still hold the name are listed.",
    "Take the person's access away first. An embedded database must not be open in a server; servers on PostgreSQL follow by themselves.",
  ],
  async run(call) {
    const sought = { sub: call.option("sub"), name: call.option("name"), as: call.option("as") };
    if (!sought.sub && !sought.name) throw bad("livegantt forget-user", "needs --sub or --name.");
    if (!call.has("yes")) throw bad("livegantt forget-user", "writes history anew for good. Say --yes if you mean it.");
    const { store } = await openStore(call.config, "alone");
    try {
      const report = await forgetPerson(store, sought);
      const touched = report.projects.filter(({ changes, comments, answers, snapshots }) => changes + comments + answers + snapshots > 0);
      const rows = touched.map(({ project, changes, comments, answers, snapshots }) => [project, changes, comments, answers, snapshots]);
      call.print(report, [
        `In the person's place stands "${plain(report.alias)}".`,
        ...table(["PROJECT", "CHANGES", "COMMENTS", "ANSWERS", "SNAPSHOTS"], rows),
        `${report.audit} lines of the audit log.`,
        ...report.projects.flatMap(({ project, mentions }) => mentions.map((mention) => plain(`Still named: project ${project}, ${mention}`))),
      ]);
      return 0;
    } finally {
      await store.close();
    }
  },
};
