import { type Plan, type Result, run } from "./run.ts";

/** The kind of promise that was broken: a shorter story must break the same one. */
const kindOf = (problems: readonly string[]): string => problems[0]?.split(" ", 1)[0] ?? "";

export interface Shrunk {
  readonly plan: Plan;
  readonly result: Result;
}

/** Leaves out steps for as long as the same promise stays broken (delta debugging), within a time. */
export async function shrink(plan: Plan, result: Result, budgetMs: number): Promise<Shrunk> {
  const end = Date.now() + budgetMs;
  const kind = kindOf(result.problems);
  let best: Shrunk = { plan, result };
  const attempt = async (candidate: Plan): Promise<boolean> => {
    const outcome = await run(candidate);
    if (kindOf(outcome.problems) !== kind) return false;
    best = { plan: candidate, result: outcome };
    return true;
  };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1 && Date.now() < end; ) {
    let shorter = false;
    for (let from = 0; from < best.plan.steps.length && Date.now() < end; ) {
      const { steps } = best.plan;
      const left = [...steps.slice(0, from), ...steps.slice(from + size)];
      if (left.length < steps.length && (await attempt({ ...best.plan, steps: left }))) shorter = true;
      else from += size;
    }
    if (size === 1 && !shorter) break;
    size = size > 1 ? Math.ceil(size / 2) : 1;
  }
  // Fewer people make a shorter story, where it is still the same one.
  for (let clients = best.plan.clients - 1; clients >= 1 && Date.now() < end; clients--) if (!(await attempt({ ...best.plan, clients }))) break;
  return { plan: best.plan, result: await run(best.plan, true) };
}
