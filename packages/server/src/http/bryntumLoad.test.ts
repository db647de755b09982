import { projectFromJSON } from "@livegantt/core";
import { expect, it } from "vitest";
import { bryntumLoad } from "./bryntumLoad.ts";

const state = () =>
  projectFromJSON({
    revision: 7,
    project: { startDate: "2026-03-02T00:00:00" },
    tasks: [
      {
        id: "split",
        name: "Split",
        duration: 2,
        segments: [
          { id: "1", offset: 0, duration: 480 },
          { id: "2", offset: 1440, duration: 30 },
        ],
        baselines: [null, { startDate: "2026-03-02T08:00:00", endDate: "2026-03-03T16:00:00" }],
      },
    ],
    comments: [{ id: "c", task: "split", text: "Why split?", author: "Ada", createdAt: "2026-03-02T08:00:00" }],
  });

it("A5 loadUrl answers with the whole project: state of the log, comments, gaps of baselines marked", () => {
  expect(bryntumLoad(state(), "e1")).toMatchObject({
    success: true,
    epoch: "e1",
    revision: 7,
    comments: { rows: [{ id: "c", task: "split", text: "Why split?" }] },
    tasks: { rows: [{ id: "split", baselines: [{ unset: true }, { startDate: "2026-03-02T08:00:00" }] }] },
  });
});

it("A5 segments are written as Bryntum has them: ends in milliseconds of working time", () => {
  expect(bryntumLoad(state(), "e1")).toMatchObject({
    tasks: {
      rows: [
        {
          startDate: "2026-03-02T00:00:00",
          segments: [
            { id: "1", startOffset: 0, endOffset: 28_800_000, duration: 480, durationUnit: "minute" },
            { id: "2", startOffset: 86_400_000, endOffset: 88_200_000, duration: 30, durationUnit: "minute" },
          ],
        },
      ],
    },
  });
});
