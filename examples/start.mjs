// `npm start` in an example: installs the chart, looks for the server of this project, and opens the page.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const name = process.argv[2] ?? "realtime-updates";
const folder = join(import.meta.dirname, name);
/** Where Bryntum is installed; the tests share one copy. */
const modules = process.env.BRYNTUM_MODULES ?? join(folder, "node_modules");
const root = join(import.meta.dirname, "..");
const server = process.env.LIVEGANTT_URL ?? "http://127.0.0.1:4600";

function stop(message) {
  console.error(message);
  process.exit(1);
}

if (!existsSync(join(root, "node_modules/vite"))) stop("Run `npm start` in the project's own folder first: it installs what this example shares with it.");
if (!existsSync(join(modules, "@bryntum/gantt"))) {
  console.log("Installing Bryntum Gantt (trial)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) stop("Bryntum Gantt could not be installed.");
}
const healthy = await fetch(`${server}/healthz`).then(
  ({ ok }) => ok,
  () => false,
);
if (!healthy) stop(`No server answers at ${server}. Run \`npm start\` in the project's own folder, or set LIVEGANTT_URL.`);

const { createServer } = await import("vite");
const page = await createServer({
  root: folder,
  configFile: false,
  resolve: {
    conditions: ["@livegantt/source", "module", "browser", "development|production"],
    // The workspaces live elsewhere; Bryntum is this folder's own.
    alias: ["@bryntum/gantt-react", "@bryntum/gantt"].map((find) => ({ find: new RegExp(`^${find}(?=/|$)`), replacement: join(modules, find) })),
    dedupe: ["react", "react-dom"],
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env.PORT ?? 5173),
    fs: { allow: [root] },
    // Host and Origin stay the page's own, so that the server sees one origin.
    proxy: { "/gantt-sync": { target: server, ws: true }, "/api": { target: server } },
  },
});
await page.listen();
page.printUrls();
