import { apiOptions, apiSettings, openApi } from "./api.ts";
import type { Command } from "./command.ts";
import { moment, plain, table } from "./table.ts";

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly tasks: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

export const plans: Command = {
  operands: [],
  settings: apiSettings,
  options: [...apiOptions, { name: "archived", about: "those that were archived, in place of the others" }],
  async run(call) {
    const api = await openApi(call, "read");
    try {
      const { projects } = await api.json<{ projects: Plan[] }>("GET", `/api/projects?archived=${call.has("archived")}`);
      const rows = projects.map(({ id, name, revision, tasks, updatedAt }) => [id, revision, tasks, moment(updatedAt), plain(name)]);
      call.print({ projects }, table(["PROJECT", "REVISION", "TASKS", "CHANGED (UTC)", "NAME"], rows));
      return 0;
    } finally {
      await api.close();
    }
  },
};
