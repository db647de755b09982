import { type End, ends } from "./ends.ts";
import type { Figures, Plan, Result } from "./run.ts";
import { shrink } from "./shrink.ts";

/** Sums of many runs. */
export class Totals {
  runs = 0;
  red = 0;
  readonly sums = { steps: 0, events: 0, revisions: 0, conflicts: 0, repeats: 0, kills: 0 };
  readonly ends = Object.fromEntries(ends.map((end) => [end, 0])) as Record<End, number>;

  add(figures: Figures | undefined): void {
    this.runs++;
    if (!figures) {
      this.red++;
      return;
    }
    for (const name of Object.keys(this.sums) as (keyof Totals["sums"])[]) this.sums[name] += figures[name];
    for (const end of ends) this.ends[end] += figures.ends[end];
  }

  toString(): string {
    const { steps, events, revisions, conflicts, repeats, kills } = this.sums;
    const number = (n: number): string => n.toLocaleString("en");
    const values = Object.values(this.ends).reduce((sum, n) => sum + n, 0);
    return [
      `${number(this.runs)} seeds, ${this.red} red: ${number(steps)} steps, ${number(events)} events, ${number(revisions)} revisions, ${number(conflicts)} conflicts, ${number(repeats)} repeated answers, ${number(kills)} kills of the server`,
      `${number(values)} entered values: ${ends.map((end) => `${number(this.ends[end])} ${end}`).join(", ")}`,
    ].join("\n");
  }
}

/** A failed run as a story that a person can follow: shortened, with the seed and the way to play it again. */
export async function story(plan: Plan, result: Result, budgetMs: number): Promise<string> {
  const { plan: short, result: told } = await shrink(plan, result, budgetMs);
  return [
    `seed ${plan.seed} breaks a promise (${plan.clients} clients, ${plan.steps.length} steps${plan.sqlite ? ", on SQLite" : ""}):`,
    ...result.problems.slice(0, 5).map((problem) => `  ${problem}`),
    `shortened to ${short.steps.length} steps and ${short.clients} clients, seconds since the start:`,
    ...told.story,
    ...told.problems.slice(0, 5).map((problem) => `  ${problem}`),
    `as a pinned plan: ${JSON.stringify(short)}`,
  ].join("\n");
}
