// A queueing model of servers on one PostgreSQL: who waits for whose processor, for the row lock of a project, for the disk. Moves in small steps of time; no randomness.
import { median, quantile } from "../lib/figures.mjs";

/**
 * Costs in seconds of a processor.
 * @typedef {object} Costs
 * @property {number} edit an edit, at the server that judges it: from its frame to its answer
 * @property {number} follow the same edit, at each other server that has the project in memory
 * @property {number} deliver a message to one socket
 * @property {number} commit a group of edits that is committed together, at its server
 * @property {number} databaseEdit an edit, at PostgreSQL
 * @property {number} databaseFollow an edit, at PostgreSQL, for each other server that reads it
 * @property {number} databaseCommit a group, at PostgreSQL
 * @property {number} client an edit, at whoever made it
 * @property {number} clientDeliver a message, at whoever hears it
 * @property {number} sync seconds that a commit waits for the disk
 */

const stepSeconds = 0.0001;
/** A server waits so long for more at most, while more still comes. */
const gatherSeconds = 0.0005;
const perTurn = 512;

/** Work that somebody does on a processor, one piece after the other. */
class Worker {
  #queue = [];

  /** @param {number} seconds @param {() => void} done */
  work(seconds, done) {
    this.#queue.push({ seconds, done });
  }

  get busy() {
    return this.#queue.length > 0;
  }

  advance(seconds) {
    let left = seconds;
    while (left > 0 && this.#queue.length > 0) {
      const first = this.#queue[0];
      if (first.seconds > left) {
        first.seconds -= left;
        return seconds;
      }
      left -= first.seconds;
      this.#queue.shift();
      first.done();
    }
    return seconds - left;
  }
}

/**
 * A closed loop: every writer keeps `outstanding` edits unanswered; each server has one commit under way and gathers the next meanwhile. All servers have all projects
 * open, so only one of them writes at a time.
 * @param {{ nodes: number, projects: number, writers: number, listeners: number, outstanding: number, costs: Costs, cores: number, seconds: number }} load `writers` and
 *   `listeners` of each project on each node; `cores`: processors that servers, PostgreSQL and clients share.
 */
export function simulate({ nodes: count, projects, writers, listeners, outstanding, costs, cores, seconds }) {
  let now = 0;
  let acked = 0;
  let commits = 0;
  const spent = { serverCores: 0, postgresCores: 0, clientCores: 0 };
  const latencies = [];
  const timers = [];
  const client = new Worker();
  const database = Array.from({ length: count }, () => new Worker());
  const nodes = Array.from({ length: count }, () => ({ worker: new Worker(), inbox: [], writing: false }));
  const lock = { held: false, waiting: [] };
  const measuring = () => now > seconds / 3;
  const sockets = writers + listeners;

  const acquire = (run) => {
    if (lock.held) lock.waiting.push(run);
    else {
      lock.held = true;
      run();
    }
  };
  const release = () => {
    const next = lock.waiting.shift();
    if (next) next();
    else lock.held = false;
  };
  const send = (node) => {
    const sentAt = now;
    client.work(costs.client / 2, () => {
      nodes[node].inbox.push(sentAt);
      gather(node);
    });
  };
  const gather = (index) => {
    const node = nodes[index];
    if (node.writing || node.inbox.length === 0) return;
    node.writing = true;
    timers.push({ at: now + gatherSeconds, run: () => write(index, node.inbox.splice(0, perTurn * projects)) });
  };
  /** What arrives from here on waits for the next group, also while this one waits for the lock. */
  const write = (index, batch) =>
    acquire(() =>
      nodes[index].worker.work(costs.commit + costs.edit * batch.length, () =>
        database[index].work(costs.databaseCommit + (costs.databaseEdit + costs.databaseFollow * (count - 1)) * batch.length, () =>
          timers.push({
            at: now + costs.sync,
            run: () => {
              release();
              commits += measuring() ? 1 : 0;
              publish(index, batch);
            },
          }),
        ),
      ),
    );
  const publish = (index, batch) => {
    const node = nodes[index];
    node.worker.work(costs.deliver * batch.length * (sockets - 1), () => {
      node.writing = false;
      client.work(costs.clientDeliver * batch.length * (sockets - 1), () => {});
      for (const sentAt of batch)
        client.work(costs.client / 2, () => {
          if (measuring()) {
            acked++;
            latencies.push((now - sentAt) * 1000);
          }
          send(index);
        });
      gather(index);
    });
    for (const [other, { worker }] of nodes.entries())
      if (other !== index)
        worker.work(batch.length * (costs.follow + costs.deliver * sockets), () => client.work(costs.clientDeliver * batch.length * sockets, () => {}));
  };

  for (let index = 0; index < count; index++) for (let i = 0; i < projects * writers * outstanding; i++) send(index);
  const kinds = [...nodes.map(({ worker }) => [worker, "serverCores"]), ...database.map((worker) => [worker, "postgresCores"]), [client, "clientCores"]];
  while (now < seconds) {
    now += stepSeconds;
    for (let i = timers.length - 1; i >= 0; i--) if (timers[i].at <= now) timers.splice(i, 1)[0].run();
    const busy = kinds.filter(([worker]) => worker.busy);
    const share = stepSeconds * Math.min(1, cores / Math.max(1, busy.length));
    for (const [worker, kind] of busy) {
      const used = worker.advance(share);
      if (measuring()) spent[kind] += used;
    }
  }
  const measured = (seconds * 2) / 3;
  const byTheSecond = Object.fromEntries(Object.entries(spent).map(([kind, value]) => [kind, value / measured]));
  return { acked: acked / measured, commits: commits / measured, p50: median(latencies), p99: quantile(latencies, 0.99), ...byTheSecond };
}

/** Costs that explain what was measured best: least squares of relative errors, none below zero, by coordinate descent. */
export function fit(rows) {
  const names = Object.keys(rows[0].amounts);
  const costs = Object.fromEntries(names.map((name) => [name, 0]));
  for (let round = 0; round < 20_000; round++)
    for (const name of names) {
      let over = 0;
      let under = 0;
      for (const { amounts, total } of rows) {
        const rest = total - names.reduce((sum, other) => sum + (other === name ? 0 : costs[other] * amounts[other]), 0);
        over += (amounts[name] * rest) / total ** 2;
        under += (amounts[name] / total) ** 2;
      }
      costs[name] = under === 0 ? 0 : Math.max(0, over / under);
    }
  return costs;
}

/**
 * What servers of one core each and a PostgreSQL of some cores can take, while none of them is busier than `utilisation`.
 * @param {{ nodes: number, costs: Costs, people: number, editsPerPerson: number, spread: number, group: number, databaseCores: number, utilisation: number }} plan `people`
 *   in a project, `spread`: servers on which a project is open, `group`: edits of one commit.
 */
export function capacity({ nodes, costs, people, editsPerPerson, spread, group, databaseCores, utilisation }) {
  const local = people / spread;
  const server = costs.edit + costs.commit / group + costs.deliver * (local - 1) + (spread - 1) * (costs.follow + costs.deliver * local);
  const database = costs.databaseEdit + costs.databaseFollow * (spread - 1) + costs.databaseCommit / group;
  const byServers = (nodes * utilisation) / server;
  const byDatabase = (databaseCores * utilisation) / database;
  const edits = Math.min(byServers, byDatabase);
  return {
    edits,
    projects: edits / (people * editsPerPerson),
    connections: edits / editsPerPerson,
    connectionsPerNode: edits / editsPerPerson / nodes,
    first: byServers < byDatabase ? "servers" : "PostgreSQL",
    serverMicros: server * 1e6,
    databaseMicros: database * 1e6,
  };
}
