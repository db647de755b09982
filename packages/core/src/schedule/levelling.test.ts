import { describe, expect, it } from "vitest";
import { applyNormalised, computeSchedule, level, type ProjectState } from "../index.ts";
import { earliestStarts, generateProblem, type Problem, projectOf, usage } from "./testing/projectGenerator.ts";

const origin = Date.parse("2026-01-05T00:00:00Z");
const hours = (date: string | null | undefined): number => (Date.parse(`${date}Z`) - origin) / 3_600_000;
const startsOf = (state: ProjectState, { durations }: Problem): number[] => {
  const { tasks } = computeSchedule(state);
  return durations.map((_, i) => hours(tasks.get(`t${i}`)?.startDate));
};
const makespan = ({ durations }: Problem, starts: readonly number[]): number => Math.max(...starts.map((start, i) => start + (durations[i] ?? 0)));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The design of PSPLIB's sets j30 and j60, where each combination has ten problems. */
const complexities = [1.5, 1.8, 2.1];
const factors = [0.25, 0.5, 0.75, 1];
const strengths = [0.2, 0.5, 0.7, 1];
const perCell = 2;

describe("levelling of generated problems with four resources", () => {
  it.each([{ activities: 30 }, { activities: 60 }])(
    "S7 $activities activities: what is placed fits, and takes little longer than the critical path",
    ({ activities }) => {
      const ratios = new Map<number, number[]>(strengths.map((strength) => [strength, []]));
      let seed = activities;
      for (const complexity of complexities)
        for (const factor of factors)
          for (const strength of strengths)
            for (let n = 0; n < perCell; n++) {
              const problem = generateProblem({ activities, complexity, factor, strength }, seed++);
              const state = projectOf(problem);
              const early = earliestStarts(problem);
              expect(startsOf(state, problem)).toEqual(early);
              const changes = level(state);
              // Everything fits at its earliest start where the resources are that strong.
              if (strength === 1) expect(changes).toEqual({});
              applyNormalised(state, changes);
              const starts = startsOf(state, problem);
              for (const [from, to] of problem.arcs) expect(starts[to]).toBeGreaterThanOrEqual((starts[from] ?? 0) + (problem.durations[from] ?? 0));
              const length = makespan(problem, starts);
              for (const [r, capacity] of problem.capacities.entries()) {
                const used = usage(problem, r, starts);
                expect(Math.max(...used)).toBeLessThanOrEqual(capacity);
                expect(length).toBeGreaterThanOrEqual(used.reduce((sum, units) => sum + units, 0) / capacity);
              }
              expect(computeSchedule(state).violations).toEqual([]);
              const critical = makespan(problem, early);
              expect(length).toBeGreaterThanOrEqual(critical);
              ratios.get(strength)?.push(length / critical);
            }
      const byStrength = strengths.map((strength) => mean(ratios.get(strength) ?? []));
      // Measured: 1.16 to 1.18 over all, 1.55 to 1.57 where resources are scarcest. The optimum of PSPLIB's own sets is 1.13 for 30 activities.
      expect(mean(byStrength)).toBeLessThan(1.3);
      expect(byStrength[0]).toBeLessThan(1.8);
      expect(byStrength[1]).toBeLessThan(1.25);
    },
  );
});
