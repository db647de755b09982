// `npm run simulate:sabotage`: shows that each known fault, put into a copy of the sources, is caught within a few seeds.
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { apply, sabotages } from "./sabotages.mjs";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "60" },
    steps: { type: "string", default: "150" },
    clients: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run simulate:sabotage -- [--seeds 60] [--steps 150] [--clients 5] [--only NAME]

Puts one fault after the other into a copy of the sources and plays seeds until one is red. Fails where a fault is not caught.`);
  process.exit(0);
}

/** A seed that takes longer than this goes round in circles. */
const seedMs = 60_000;

/** Plays seeds in another process until one is red, or until it hangs. Resolves to what it said of it. */
function play(file) {
  const args = ["--until-red", "--seeds", values.seeds, "--steps", values.steps, "--clients", values.clients, "--sqlite", "0"];
  const child = fork(file, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let output = "";
  let hung = false;
  let timer;
  const watch = (seed) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      output = `seed ${seed}: goes round in circles`;
      child.kill("SIGKILL");
    }, seedMs);
  };
  watch(1);
  child.on("message", ({ seed }) => watch(seed));
  child.stdout.on("data", (data) => {
    output += data;
  });
  return new Promise((done) =>
    child.on("exit", (code) => {
      clearTimeout(timer);
      done({ caught: hung || code === 3, output: output.trim() });
    }),
  );
}

let missed = 0;
for (const [i, sabotage] of sabotages.entries()) {
  if (values.only !== "" && sabotage.name !== values.only) continue;
  let applied = false;
  const file = await bundle(`sabotage-${i}`, (path, source) => {
    if (!path.endsWith(sabotage.file)) return source;
    applied = true;
    return apply(source, sabotage);
  });
  if (!applied) throw new Error(`the sabotage "${sabotage.name}" finds no file ${sabotage.file}`);
  const { caught, output } = await play(file);
  if (!caught) missed++;
  console.log(`${caught ? "caught" : "MISSED"}  ${sabotage.name}\n        ${output.split("\n").slice(0, 2).join("\n        ").slice(0, 400)}`);
}
console.log(missed === 0 ? "every fault was caught" : `${missed} faults were not caught`);
process.exitCode = missed === 0 ? 0 : 1;
