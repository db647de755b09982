// Run inside the folder of a consumer: imports everything that the packages offer, starts the program, and edits a plan with the client.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const scope = join(import.meta.dirname, "node_modules/@livegantt");
for (const name of process.argv.slice(2)) {
  const { exports, peerDependenciesMeta = {} } = JSON.parse(readFileSync(join(scope, name, "package.json"), "utf8"));
  for (const path of Object.keys(exports)) {
    const specifier = `@livegantt/${name}${path.slice(1)}`;
    const file = fileURLToPath(import.meta.resolve(specifier));
    if (!existsSync(file)) throw new Error(`${specifier} leads to ${file}, which is not there`);
    if (file.endsWith(".css")) continue;
    try {
      const offered = Object.keys(await import(specifier));
      if (offered.length === 0) throw new Error(`${specifier} offers nothing`);
    } catch (error) {
      // A peer that nobody has to install.
      const missing = /Cannot find package '([^']+)'/.exec(error.message)?.[1];
      if (!peerDependenciesMeta[missing]?.optional) throw error;
    }
  }
}

const program = spawn(
  join(import.meta.dirname, "node_modules/.bin/livegantt"),
  ["serve", "--port", "0", "--data", join(import.meta.dirname, "data"), "--log-level", "warn"],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
const exited = new Promise((done) => program.once("exit", done));
try {
  let url;
  for await (const line of createInterface({ input: program.stdout })) {
    url = /^livegantt is running: (http:\/\/[^/]+)/.exec(line)?.[1];
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error("the program did not start");

  const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
  const script = /<script[^>]*src="([^"]+)"/.exec(page)?.[1];
  const { status } = await fetch(`${url}${script}`);
  if (script === undefined || status !== 200) throw new Error(`the page of the program is not there: ${page.slice(0, 200)}`);

  const { openProject } = await import("@livegantt/client");
  const { samplePlan } = await import("@livegantt/files");
  const body = JSON.stringify({ name: "Packed", plan: samplePlan() });
  const { id } = await (await fetch(`${url}/api/projects`, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
  const live = openProject({ url, project: id, user: { name: "Ann" } });
  await live.ready();
  const task = live.add("tasks", { name: "Packed and unpacked", duration: 2, durationUnit: "day" });
  await live.saved();
  live.destroy();
  const { tasks, revision } = await (await fetch(`${url}/api/projects/${id}`)).json();
  if (revision !== 1 || tasks.find((each) => each.id === task)?.name !== "Packed and unpacked") throw new Error("the edit did not arrive");
} finally {
  program.kill("SIGTERM");
  await exited;
}
if (program.exitCode !== 0) throw new Error(`the program ended with ${program.exitCode}`);
