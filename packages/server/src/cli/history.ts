import { bad } from "../config.ts";
import type { HistoryEntry } from "../history/entries.ts";
import { apiOptions, apiSettings, openApi } from "./api.ts";
import type { Command } from "./command.ts";
import { moment, plain } from "./table.ts";

const pageLimit = 500;

export const history: Command = {
  operands: ["PROJECT"],
  settings: apiSettings,
  options: [
    ...apiOptions,
    { name: "from", hint: "N", about: "oldest revision to show" },
    { name: "to", hint: "N", about: "newest revision to show" },
    { name: "task", hint: "ID", about: "only what concerns this task" },
    { name: "limit", hint: "N", about: `number of entries, up to ${pageLimit} (default 50)` },
  ],
  async run(call) {
    const query = new URLSearchParams({ limit: call.option("limit") ?? "50" });
    for (const name of ["from", "to", "task"]) if (call.option(name) !== undefined) query.set(name, call.option(name) as string);
    for (const name of ["from", "to", "limit"]) if (!/^\d+$/.test(query.get(name) ?? "0")) throw bad(`--${name}`, "needs a whole number.");
    const api = await openApi(call, "read");
    try {
      const [project = ""] = call.operands;
      const page = await api.json<{ entries: HistoryEntry[]; next?: number }>("GET", `/api/projects/${encodeURIComponent(project)}/history?${query}`);
      call.print(page, [...page.entries.flatMap(lines), ...(page.next === undefined ? [] : [`Older ones: --to ${page.next}`])]);
      return 0;
    } finally {
      await api.close();
    }
  },
};

function lines({ revision, at, author, intent, changes }: HistoryEntry): string[] {
  return [
    `${revision}  ${moment(at)}  ${plain(author)}${intent === undefined ? "" : `  ${plain(intent)}`}`,
    ...changes.map(({ collection, id, action, name, fields }) => {
      const label = `${collection}/${id}${name === undefined ? "" : ` "${name}"`}`;
      const values = action === "updated" ? Object.entries(fields).map(([field, { before, after }]) => ` ${field}: ${short(before)} → ${short(after)}`) : [];
      return plain(`    ${action} ${label}${values.join(",")}`);
    }),
  ];
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
