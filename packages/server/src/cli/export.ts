import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bad } from "../config.ts";
import { ServerError } from "../errors.ts";
import { type ExportFormat, exportFormats } from "../http/routes/export.ts";
import { type Api, apiOptions, apiSettings, openApi } from "./api.ts";
import type { Command } from "./command.ts";
import type { Plan } from "./plans.ts";

/** The project with everything that ever happened to it, for which no other program has a format. */
const archive = "archive";
const formats = [...(Object.keys(exportFormats) as ExportFormat[]), archive] as const;
type Format = (typeof formats)[number];

const historyPage = 500;

export const exportCommand: Command = {
  operands: ["[PROJECT]"],
  settings: apiSettings,
  options: [
    ...apiOptions,
    { name: "format", hint: "NAME", about: `${formats.join(", ")} (default json); archive is the plan with its history and versions, as JSON` },
    { name: "out", hint: "FILE", about: "file to write; left out: standard output" },
    { name: "all", about: "every project, each as a file of the folder --out" },
  ],
  async run(call) {
    const format = formats.find((each) => each === (call.option("format") ?? "json"));
    if (!format) throw bad(`--format "${call.option("format")}"`, `is none of ${formats.join(", ")}.`);
    const [project] = call.operands;
    const out = call.option("out");
    if (call.has("all") === (project !== undefined)) throw bad("livegantt export", "needs a PROJECT, or --all.");
    if (call.has("all") && out === undefined) throw bad("livegantt export --all", "needs --out, the folder for the files.");
    const api = await openApi(call, "write");
    try {
      if (project !== undefined) {
        const content = await contentOf(api, project, format);
        if (out === undefined) process.stdout.write(content);
        else {
          write(out, content);
          call.print({ project, format, file: out, bytes: content.length }, [`Wrote ${out}, ${content.length} bytes.`]);
        }
        return 0;
      }
      const files = await exportAll(api, out as string, format);
      call.print({ format, files }, [...files.map(({ file, bytes }) => `Wrote ${file}, ${bytes} bytes.`), `${files.length} projects.`]);
      return 0;
    } finally {
      await api.close();
    }
  },
};

/** Archived projects are closed to everybody until somebody brings them back, so they are not among these. */
async function exportAll(api: Api, folder: string, format: Format): Promise<{ readonly project: string; readonly file: string; readonly bytes: number }[]> {
  mkdirSync(folder, { recursive: true });
  const { projects } = await api.json<{ projects: Plan[] }>("GET", "/api/projects");
  const files = [];
  for (const { id } of projects) {
    const content = await contentOf(api, id, format);
    // Ids may hold what a file system reads as a path.
    const file = join(folder, `${encodeURIComponent(id).replaceAll(".", "%2E")}.${format === archive ? "archive.json" : exportFormats[format].extension}`);
    write(file, content);
    files.push({ project: id, file, bytes: content.length });
  }
  return files;
}

async function contentOf(api: Api, project: string, format: Format): Promise<Buffer> {
  const path = `/api/projects/${encodeURIComponent(project)}`;
  if (format !== archive) return api.call("GET", `${path}/export?format=${format}`);
  const plan = await api.json("GET", path);
  const { versions } = await api.json<{ versions: object[] }>("GET", `${path}/versions`);
  const history: object[] = [];
  for (let to: number | undefined; ; ) {
    const page = await api.json<{ entries: object[]; next?: number }>("GET", `${path}/history?limit=${historyPage}${to === undefined ? "" : `&to=${to}`}`);
    history.push(...page.entries);
    if (page.next === undefined) break;
    to = page.next;
  }
  return Buffer.from(`${JSON.stringify({ plan, versions, history }, null, 2)}\n`);
}

function write(file: string, content: Buffer): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new ServerError("file_unwritable", "fix", `The file "${file}" cannot be written: ${(cause as Error).message}.`, { cause });
  }
}
