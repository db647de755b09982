import { expect, it } from "vitest";
import { planOf } from "./loaded.ts";

const response = {
  success: true,
  epoch: "e1",
  revision: 7,
  project: { id: "p", startDate: "2026-03-02T00:00:00" },
  tasks: {
    rows: [
      {
        id: "part",
        name: "Part",
        orderKey: "a0",
        expanded: true,
        children: [
          {
            id: "split",
            orderKey: "a0",
            duration: 2,
            segments: [
              { id: "1", startOffset: 0, endOffset: 28_800_000, duration: 480, durationUnit: "minute" },
              { id: "2", startOffset: 86_400_000, endOffset: 88_200_000, duration: 30, durationUnit: "minute" },
            ],
            baselines: [{ unset: true }, { startDate: "2026-03-02T08:00:00" }],
          },
        ],
      },
    ],
  },
  comments: { rows: [{ id: "c", task: "split", text: "Why?" }] },
};

it("A5 what loadUrl answers is read as the whole project that the server has", () => {
  expect(planOf(response)).toMatchObject({
    epoch: "e1",
    snapshot: {
      revision: 7,
      tasks: [
        { id: "part", orderKey: "a0" },
        {
          id: "split",
          parentId: "part",
          segments: [
            { id: "1", offset: 0, duration: 480 },
            { id: "2", offset: 1440, duration: 30 },
          ],
          baselines: [null, { startDate: "2026-03-02T08:00:00" }],
        },
      ],
      comments: [{ id: "c", text: "Why?" }],
    },
  });
});

it("A5 a response without comments, without a revision, or that breaks a law is no whole project", () => {
  const { comments: _, ...bare } = response;
  const { revision: __, ...unnumbered } = response;
  for (const given of [bare, unnumbered, undefined, "text", { ...response, dependencies: { rows: [{ id: "d", fromTask: "split", toTask: "nowhere" }] } }])
    expect(planOf(given)).toBeUndefined();
});
