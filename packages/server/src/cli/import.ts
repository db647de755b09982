import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { ImportReport } from "@livegantt/files";
import { ServerError } from "../errors.ts";
import { limitsWith } from "../limits.ts";
import { apiOptions, apiSettings, openApi } from "./api.ts";
import type { Command } from "./command.ts";
import { plain } from "./table.ts";

interface Made {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly report: ImportReport;
}

export const importCommand: Command = {
  operands: ["FILE"],
  settings: apiSettings,
  options: [...apiOptions, { name: "name", hint: "TEXT", about: "name of the project; left out: the file's own" }],
  notes: [
    "What the file is, its content tells. Without --url the project is written into the database itself, which is safe while a server runs on it: a new\nproject touches nothing that the server has in memory, and its page lists it at once. A database of an older version is left alone.",
  ],
  async run(call) {
    const [file = ""] = call.operands;
    const bytes = read(file, limitsWith(call.config.limits).importBytes);
    const name = call.option("name");
    const query = new URLSearchParams({ format: "auto", filename: basename(file), ...(name !== undefined && { name }) });
    const api = await openApi(call, "write");
    try {
      const made = await api.json<Made>("POST", `/api/projects?${query}`, { type: "application/octet-stream", bytes });
      call.print(made, [`Imported "${plain(made.name)}" as project ${made.id}.`, ...reportLines(made.report)]);
      return 0;
    } finally {
      await api.close();
    }
  },
};

function read(file: string, limit: number): Buffer {
  try {
    const { size } = statSync(file);
    if (size > limit) throw new ServerError("body_too_large", "fix", `The file "${file}" has ${size} bytes, the limit is ${limit} (importBytes).`);
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof ServerError) throw cause;
    throw new ServerError("file_unreadable", "fix", `The file "${file}" cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function reportLines({ counts, items }: ImportReport): string[] {
  const counted = Object.entries(counts).map(([kind, { imported, omitted, added }]) => `  ${kind}: ${imported} imported, ${omitted} left out, ${added} added`);
  return [...counted, ...items.map(({ kind, what, where, why }) => plain(`  ${kind}: ${what} (${where}): ${why}`))];
}
