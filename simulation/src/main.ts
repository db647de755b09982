import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { story, Totals } from "./report.ts";
import { type Figures, planOf, run } from "./run.ts";

const help = `npm run simulate -- [--seeds 200] [--first 1] [--clients 5] [--steps 400] [--sqlite 20] [--minutes 60] [--workers N] [--shrink 60]

Plays seeds: whole teams of real clients on a bad network around a real server that is killed, each from one seed. All promises (P1 to P5) are checked.
  --seeds    how many, from --first on
  --clients  tabs of all people together
  --steps    steps of all clients together, in each seed
  --sqlite   so many of the first seeds run on the real SQLite driver
  --minutes  stops after so long and says how far it came
  --shrink   seconds spent on shortening the story of a red seed
  --story    prints the story of every seed, green ones too
  --until-red  stops at the first red seed, says what it broke, and ends with code 3`;

interface Report {
  readonly seed: number;
  readonly figures?: Figures;
  readonly story?: string;
}

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    clients: { type: "string", default: "5" },
    steps: { type: "string", default: "400" },
    sqlite: { type: "string", default: "20" },
    minutes: { type: "string", default: "60" },
    workers: { type: "string", default: String(availableParallelism()) },
    shrink: { type: "string", default: "60" },
    story: { type: "boolean", default: false },
    "until-red": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const number = (name: Exclude<keyof typeof options, "story" | "help" | "until-red">): number => Number(options[name]);

async function play(seed: number): Promise<Report> {
  const plan = planOf(seed, { clients: number("clients"), steps: number("steps"), sqlite: seed <= number("sqlite") });
  const result = await run(plan, options.story);
  if (options.story) console.log(result.story.join("\n"));
  return result.figures ? { seed, figures: result.figures } : { seed, story: await story(plan, result, number("shrink") * 1000) };
}

/** Workers ask for one seed after the other, so that slow ones hold nobody up. */
async function lead(): Promise<void> {
  const totals = new Totals();
  const started = Date.now();
  const end = started + number("minutes") * 60_000;
  const last = number("first") + number("seeds");
  let next = number("first");
  let said = started;
  const workers = Array.from({ length: Math.min(number("workers"), number("seeds")) }, () => {
    const worker = fork(fileURLToPath(import.meta.url), process.argv.slice(2), { env: { ...process.env, SIMULATION_WORKER: "1" } });
    const give = (): void => {
      if (next < last && Date.now() < end) worker.send({ seed: next++ });
      else worker.disconnect();
    };
    worker.on("message", ({ figures, story: told }: Report) => {
      totals.add(figures);
      if (told) console.log(`\n${told}`);
      if (Date.now() - said > 30_000) {
        said = Date.now();
        console.log(`${totals.runs} of ${number("seeds")} seeds after ${Math.round((said - started) / 1000)} s, ${totals.red} red`);
      }
      give();
    });
    give();
    return new Promise<void>((done) => worker.on("exit", () => done()));
  });
  await Promise.all(workers);
  console.log(`\n${totals}\n${((Date.now() - started) / 60_000).toFixed(1)} minutes`);
  if (totals.runs < number("seeds")) console.log(`only ${totals.runs} of ${number("seeds")} seeds were played in the time given`);
  process.exitCode = totals.red === 0 && totals.runs > 0 ? 0 : 1;
}

/** One seed after the other in this process. */
async function search(): Promise<void> {
  for (let seed = number("first"); seed < number("first") + number("seeds"); seed++) {
    process.send?.({ seed });
    const { problems } = await run(planOf(seed, { clients: number("clients"), steps: number("steps"), sqlite: seed <= number("sqlite") }));
    if (problems.length === 0) continue;
    console.log(`seed ${seed}: ${problems[0]}`);
    process.exitCode = 3;
    return;
  }
  console.log(`${number("seeds")} seeds are green`);
}

if (options.help) console.log(help);
else if (options["until-red"]) await search();
else if (process.env.SIMULATION_WORKER) process.on("message", ({ seed }: { seed: number }) => void play(seed).then((report) => process.send?.(report)));
else await lead();
