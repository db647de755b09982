import { describe, expect, it } from "vitest";
import type { Scheduler } from "../interfaces/scheduler.ts";
import { Share } from "./share.ts";

function clock() {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const scheduler: Scheduler = {
    elapsed: () => now,
    soon: (run) => run(),
    after(ms, run) {
      due.push({ at: now + ms, run });
      return { cancel: () => void due.splice(0) };
    },
    every: () => ({ cancel: () => {} }),
  };
  const pass = (ms: number): void => {
    now += ms;
    for (const timer of due.splice(0)) {
      if (timer.at <= now) timer.run();
      else due.push(timer);
    }
  };
  return { scheduler, pass };
}

describe("the share of one project", () => {
  it("D7 a turn of many changes ends in time, and the next one begins at once", () => {
    const { scheduler, pass } = clock();
    let turns = 0;
    const share = new Share(scheduler, () => turns++);
    share.request();
    expect(turns).toBe(1);
    let changes = 0;
    share.spend((over) => {
      while (!over()) {
        changes++;
        pass(3);
      }
    });
    share.end();
    expect(changes).toBe(14);
    share.request();
    expect(turns).toBe(2);
  });

  it("D7 after a long turn it rests as long, however often it is asked", () => {
    const { scheduler, pass } = clock();
    let turns = 0;
    const share = new Share(scheduler, () => turns++);
    share.spend(() => pass(300));
    share.spend(() => pass(100));
    share.end();
    for (let i = 0; i < 5; i++) share.request();
    pass(399);
    expect(turns).toBe(0);
    pass(1);
    expect(turns).toBe(1);
    share.request();
    expect(turns).toBe(2);
  });

  it("D7 a turn of a project that is closed does not come", () => {
    const { scheduler, pass } = clock();
    let turns = 0;
    const share = new Share(scheduler, () => turns++);
    share.spend(() => pass(100));
    share.end();
    share.request();
    share.close();
    pass(1_000);
    expect(turns).toBe(0);
  });
});
