import { planOf, run } from "./run.ts";

const [first = 1, count = 1, steps = 400] = process.argv.slice(2).map(Number);
for (let seed = first; seed < first + count; seed++) {
  const started = performance.now();
  const result = await run(planOf(seed, { clients: 5, steps, sqlite: false }), process.env.STORY === "1");
  if (process.env.STORY) console.log(result.story.join("\n"));
  console.log(
    seed,
    `${Math.round(performance.now() - started)} ms`,
    result.problems.length === 0 ? JSON.stringify(result.figures) : `RED ${result.problems.slice(0, 5).join("\n   ")}`,
  );
}
