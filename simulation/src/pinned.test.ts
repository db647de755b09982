import { describe, expect, it } from "vitest";
import { story } from "./report.ts";
import { type Plan, planOf, run } from "./run.ts";

/** Where a run came from: a seed as it is played, or its shortened steps. */
const played = (seed: number, steps: number): Plan => planOf(seed, { clients: 5, steps, sqlite: false });
const shortened = (seed: number, clients: number, steps: readonly number[]): Plan => ({ seed, clients, sqlite: false, steps });

/** Runs that once were red, each by the fault that it found. */
const pinned: readonly (readonly [fault: string, plan: Plan])[] = [
  ["P4 units went unseen with their task, and nobody was told", played(4, 60)],
  ["P4 an own edit hid the value of another tab in the inbox", played(14, 120)],
  ["O1 a helper that had given up kept the outbox of a lost tab", played(15, 80)],
  ["P2 a percentage on what had become a summary was dropped by its author alone", played(16, 80)],
  ["V10 a branch was placed after the task that moved under it", shortened(22, 4, [3251408353, 2958721228, 2746253821, 1084010886, 2655016310, 2118985749])],
  ["P4 replies went unseen with their comment", played(23, 120)],
  ["V11 a reply on another task outlived its comment", played(34, 120)],
  [
    "K11 what a helper was told, nobody heard",
    shortened(90, 5, [585548524, 2727492179, 4130739137, 2970486331, 1669380690, 2881180960, 1894582422, 1313253724]),
  ],
  [
    "P4 a policy gave up all of an edit of all or nothing",
    shortened(114, 5, [3737173532, 4261475543, 3810486015, 1012796630, 29227784, 2895795946, 1966598100, 2798558324, 2497567575]),
  ],
  ["K3 a move whose key was repaired did not count as an edit", played(140, 150)],
  ["K3 a task that was brought back with edits was removed by somebody who had not seen them", played(163, 150)],
  ["R1 an older edit behind a conflict became the last word", played(1004, 400)],
  ["R1 an older edit behind a conflict became the last word, again", played(1017, 400)],
  ["R3 a slow policy overruled what was entered meanwhile", played(1079, 400)],
  ["R1 a value that its author gave up came back by a policy", played(246, 400)],
  ["R1 what was entered after an undo went with what the undo took back", played(350, 400)],
  [
    "R1 a removal that its author took back was carried out when its conflict was decided",
    shortened(442, 5, [4213564275, 389016725, 4050398867, 3433290541, 1224147941, 3194112199, 2684582139, 2375417709, 1372097391]),
  ],
  ["K6 a link that met an inactive one stayed inactive when it was kept", shortened(1358, 3, [2073520502, 754587872, 1173592182, 851553456])],
  ["R1 a removal hid an earlier edit that its author could not see", played(1544, 400)],
  ["R1 what was typed on another's value took the place of an own one that did not show", played(1910, 400)],
  [
    "O1 new edits were wiped with the old entries of their outbox",
    shortened(
      1956,
      5,
      [
        2521343667, 2305451399, 3648566313, 802849901, 2515029522, 788975386, 873053693, 4071059580, 722004045, 3293215002, 1105471876, 1306607838, 411580236,
        1466985107, 3643704641, 2725411365, 3044023127, 2367909530, 11422323, 3037426070, 3001452824, 3709969947,
      ],
    ),
  ],
];

describe("Q3 runs that once were red", () => {
  it.each(pinned)("%s", { timeout: 120_000 }, async (_fault, plan) => {
    const result = await run(plan);
    expect(result.problems.length === 0 ? "" : await story(plan, result, 20_000)).toBe("");
  });
});
