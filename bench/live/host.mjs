// Child process: `host.mjs server DRIVER` runs a server, `host.mjs clients DRIVER` runs all clients of one run on one clock.
import { performance } from "node:perf_hooks";

const [role, driverFile] = process.argv.slice(2);
const driver = await import(driverFile);

/** Client i owns task t<i>; the value is its own count 1, 2, 3, … Whoever sees v on t<i> has applied all up to v. */
class Crowd {
  clients = [];
  #last = [];
  #sentAt = [];
  #missing = [];
  #next = [];
  #done = () => {};
  latencies = [];

  async connect(target, count) {
    for (let i = 0; i < count; i += 10)
      this.clients.push(...(await Promise.all(Array.from({ length: Math.min(10, count - i) }, (_, k) => driver.connect(target, i + k)))));
    this.#last = this.clients.map(() => new Float64Array(count));
    this.#sentAt = this.clients.map(() => []);
    this.#missing = this.clients.map(() => []);
    this.#next = this.clients.map(() => 1);
    for (const [i, client] of this.clients.entries()) client.onRemote((id, value) => this.#applied(i, Number(id.slice(1)), value));
  }

  #applied(receiver, owner, value) {
    const seen = this.#last[receiver];
    if (!(value > seen[owner])) return;
    for (let v = seen[owner] + 1; v <= value; v++) {
      if (--this.#missing[owner][v] > 0) continue;
      this.latencies.push(performance.now() - this.#sentAt[owner][v]);
      this.#done(owner);
    }
    seen[owner] = value;
  }

  edit(i) {
    // Value 1 is what the plan starts with.
    const value = ++this.#next[i];
    this.#sentAt[i][value] = performance.now();
    this.#missing[i][value] = this.clients.length - 1;
    this.clients[i].edit(`t${i}`, value);
  }

  start() {
    for (const [i] of this.clients.entries()) for (const seen of this.#last) seen[i] = Math.max(seen[i], 1);
  }

  async closedLoop(seconds, outstanding) {
    this.latencies = [];
    let edits = 0;
    let running = true;
    this.#done = (owner) => {
      edits++;
      if (running) queueMicrotask(() => this.edit(owner));
    };
    const begun = performance.now();
    for (let i = 0; i < this.clients.length; i++) for (let k = 0; k < outstanding; k++) this.edit(i);
    await wait(seconds * 1000);
    running = false;
    const elapsed = (performance.now() - begun) / 1000;
    const rate = edits / elapsed;
    this.#done = () => {};
    await this.#drain();
    return { editsPerSecond: rate };
  }

  async openLoop(seconds, perSecond) {
    this.latencies = [];
    this.#done = () => {};
    const begun = performance.now();
    let sent = 0;
    while (performance.now() - begun < seconds * 1000) {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      while (sent < due) this.edit(sent++ % this.clients.length);
      await wait(1);
    }
    await this.#drain();
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
    return { p50: at(0.5), p99: at(0.99), sent, arrived: sorted.length };
  }

  async #drain() {
    for (let i = 0; i < 1000 && this.#missing.some((list) => list.some((n) => n > 0)); i++) await wait(5);
  }

  close() {
    for (const client of this.clients) client.close();
    this.clients = [];
  }
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const crowd = new Crowd();
let server;
const commands = {
  start: async ({ tasks }) => {
    server = await driver.startServer({ tasks });
    return { url: server.url, project: server.project };
  },
  stop: async () => server?.close(),
  connect: async ({ target, count }) => {
    await crowd.connect(target, count);
    crowd.start();
  },
  closed: ({ seconds, outstanding }) => crowd.closedLoop(seconds, outstanding),
  open: ({ seconds, perSecond }) => crowd.openLoop(seconds, perSecond),
  close: async () => crowd.close(),
};
process.on("message", async ({ command, args }) => {
  try {
    process.send({ result: (await commands[command](args)) ?? null });
  } catch (error) {
    process.send({ failed: String(error.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit(0));
process.send({ result: `${role} is up` });
