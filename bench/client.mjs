// What the client's replica costs, by size of plan. Needs the built packages (`npm run build`); prints medians of one run.

import { Replica } from "@livegantt/client";
import { projectFromSnapshot } from "@livegantt/core";

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const us = (ms) => `${(ms * 1000).toFixed(ms < 0.1 ? 2 : 0)} µs`;

/** A plan of groups of 100 tasks, each linked to the one before it in its group. */
function planOf(size) {
  const tasks = [];
  const dependencies = [];
  for (let i = 0; i < size; i++) {
    const group = Math.floor(i / 100);
    if (i % 100 === 0) tasks.push({ id: `g${group}`, name: `Group ${group}`, orderKey: `b${String(group).padStart(4, "0")}V` });
    tasks.push({ id: `t${i}`, name: `Task ${i}`, parentId: `g${group}`, orderKey: `b${String(i % 100).padStart(2, "0")}V`, duration: 2, durationUnit: "day" });
    if (i % 100 !== 0) dependencies.push({ id: `d${i}`, fromTask: `t${i - 1}`, toTask: `t${i}`, type: 2 });
  }
  return { revision: 0, project: { id: "p", name: "Bench" }, tasks, dependencies, resources: [], assignments: [], calendars: [], comments: [] };
}

const author = { clientId: "me", name: "Me" };
const madeAt = new Date(0).toISOString();
const rename = (task, name) => ({ tasks: { updated: [{ id: `t${task}`, changes: { name }, was: { name: "x" } }] } });
const longer = (task, duration) => ({ tasks: { updated: [{ id: `t${task}`, changes: { duration, durationUnit: "day" } }] } });

function timed(runs, run) {
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run(i);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Cost of one call, measured over batches, since a single one is shorter than the clock can tell. */
function each(calls, run) {
  let n = 0;
  return (
    timed(40, () => {
      for (let i = 0; i < calls; i++) run(n++);
    }) / calls
  );
}

console.log("size      remote change   with 32 pending   own edit + answer");
for (const size of [1_000, 10_000, 100_000]) {
  const snapshot = planOf(size);
  const quiet = new Replica(projectFromSnapshot(snapshot), author);
  const remote = each(500, (n) => {
    quiet.remote(n + 1, longer((n * 7919) % size, n % 9));
    quiet.takeTouched();
  });
  const busy = new Replica(projectFromSnapshot(snapshot), author);
  for (let seq = 1; seq <= 32; seq++) busy.push({ seq, payload: rename(seq, `mine ${seq}`), madeAt });
  const beside = each(500, (n) => {
    busy.remote(n + 1, longer(40 + ((n * 7919) % (size - 40)), n % 9));
    busy.takeTouched();
  });
  const own = each(200, (n) => {
    quiet.push({ seq: n + 1, payload: rename((n * 7919) % size, `n ${n}`), madeAt });
    quiet.settle(n + 1, quiet.revision + 1, undefined);
    quiet.takeTouched();
  });
  console.log(`${String(size).padEnd(9)} ${us(remote).padEnd(15)} ${us(beside).padEnd(17)} ${us(own)}`);
}

const size = 10_000;
const snapshot = planOf(size);
const rebase = (apply) => {
  const times = [];
  for (let run = 0; run < 15; run++) {
    const replica = new Replica(projectFromSnapshot(snapshot), author);
    for (let seq = 1; seq <= 100; seq++) replica.push({ seq, payload: rename(seq * 50, `mine ${seq}`), madeAt });
    const steps = Array.from({ length: 100 }, (_, i) => ({ revision: i + 1, payload: longer((i + 1) * 50, 5) }));
    const start = performance.now();
    apply(replica, steps);
    times.push(performance.now() - start);
  }
  return median(times);
};
console.log(
  `rebase of 100 pending over 100 remote that touch the same 100 of ${size} tasks, one delta: ${rebase((replica, steps) => replica.steps(steps)).toFixed(2)} ms`,
);
console.log(
  `the same, one message after the other: ${rebase((replica, steps) => {
    for (const { revision, payload } of steps) replica.remote(revision, payload);
  }).toFixed(2)} ms`,
);
