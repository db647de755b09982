// Child process: a crowd that comes and goes, edits, points at tasks, and now and then does not read for a while. Keeps a ledger of what was acknowledged.
import WebSocket from "ws";

/** Milliseconds: between two edits of a person, how long one stays, and how long one who is slow does not read. */
const editEveryMs = 1_000;
const stayMs = [15_000, 60_000];
const awayMs = [200, 3_000];
const slowMs = [3_000, 10_000];
const slowShare = 0.03;
const wishes = 200;
/** Tasks that one person keeps in a project beside the one of its own. */
const ownTasks = 3;

const between = ([from, to]) => from + Math.random() * (to - from);
const counts = { acked: 0, answers: 0, refused: 0, heard: 0, visits: 0, deltas: 0, slow: 0, closed: {} };
let latencies = [];
let target;
let running = true;

class Person {
  #id;
  #socket;
  #timers = new Set();
  #project;
  #clientId;
  #number = 0;
  #revision = 0;
  #open = new Map();
  #tasks = [];
  #made = 0;
  #live = false;

  constructor(id) {
    this.#id = id;
  }

  come() {
    if (!running) return;
    // Half of those who come back go on where they were.
    if (!this.#clientId || Math.random() < 0.5 || target.asleep.has(this.#project)) {
      const awake = target.projects.filter((project) => !target.asleep.has(project));
      this.#project = awake[Math.floor(Math.random() * awake.length)];
      this.#clientId = `person-${this.#id}-${++this.#made}`;
      this.#number = 0;
      this.#revision = 0;
      this.#open.clear();
      this.#tasks = [];
    } else counts.deltas++;
    counts.visits++;
    const socket = new WebSocket(`${target.url.replace("http", "ws")}/gantt-sync?project=${this.#project}`, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on("open", () => {
      const hello = { type: "hello", protocol: 1, user: { name: `Person ${this.#id}` }, clientId: this.#clientId };
      socket.send(JSON.stringify({ ...hello, ...(this.#revision > 0 && { lastRevision: this.#revision }) }));
    });
    socket.on("message", (data) => this.#heard(JSON.parse(data)));
    socket.on("error", () => {});
    socket.on("close", (code) => {
      counts.closed[code] = (counts.closed[code] ?? 0) + 1;
      this.#live = false;
      for (const timer of this.#timers) clearTimeout(timer);
      this.#timers.clear();
      setTimeout(() => this.come(), between(awayMs));
    });
  }

  leave() {
    this.#socket?.close(1000);
  }

  /** Everybody of a project that goes to sleep. */
  leaveIf(project) {
    if (this.#project === project) this.leave();
  }

  get idle() {
    return this.#open.size === 0 || !this.#live;
  }

  #later(ms, run) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #heard(message) {
    switch (message.type) {
      case "init":
        this.#revision = Math.max(this.#revision, message.payload.revision);
        for (const again of this.#open.values()) this.#socket.send(again.text);
        this.#live = true;
        this.#later(between(stayMs), () => this.leave());
        this.#later(Math.random() * editEveryMs, () => this.#act());
        if (Math.random() < slowShare) this.#later(1_000, () => this.#dawdle());
        return;
      case "changes":
        counts.heard++;
        this.#revision = message.revision;
        return;
      case "ack":
        this.#answered(message.payload.clientRevision, true);
        return;
      case "conflict":
        this.#answered(message.payload.clientRevision, false);
        return;
      case "error":
        if (message.payload.action !== "retry" && message.payload.clientRevision) this.#answered(message.payload.clientRevision, false);
    }
  }

  #answered(number, stood) {
    const sent = this.#open.get(number);
    if (!sent) return;
    this.#open.delete(number);
    latencies.push(performance.now() - sent.at);
    counts.answers++;
    if (!stood) counts.refused++;
    else {
      counts.acked++;
      if (sent.value !== undefined) target.ledger.set(`${this.#project}/${sent.task}`, sent.value);
    }
  }

  #act() {
    if (!this.#live) return;
    if (running) this.#edit();
    this.#later(editEveryMs * (0.5 + Math.random()), () => this.#act());
  }

  #edit() {
    const own = `${this.#clientId}`;
    const dice = Math.random();
    const task = `${own}-${this.#number}`;
    if (this.#number === 0) this.#send({ tasks: { added: [{ id: own, name: own, duration: 1, durationUnit: "day" }] } });
    else if (dice < 0.15 && this.#tasks.length < ownTasks) {
      this.#tasks.push(task);
      this.#send({ tasks: { added: [{ id: task, name: task, duration: 2, durationUnit: "day" }] } });
    } else if (dice < 0.3 && this.#tasks.length > 0) this.#send({ tasks: { removed: [{ id: this.#tasks.shift() }] } });
    else if (dice < 0.5)
      this.#send({ tasks: { updated: [{ id: `t${Math.floor(Math.random() * 100)}`, changes: { duration: 1 + Math.floor(Math.random() * 20) } }] } });
    else {
      const value = `${this.#number}`;
      this.#send({ tasks: { updated: [{ id: own, changes: { note: value } }] } }, own, value);
    }
    if (Math.random() < 0.3) this.#socket.send(JSON.stringify({ type: "selection", payload: { taskId: own } }));
  }

  #send(payload, task, value) {
    const revision = ++this.#number;
    const text = JSON.stringify({ type: "changes", revision, baseRevision: this.#revision, payload });
    this.#open.set(revision, { at: performance.now(), text, task, value });
    this.#socket.send(text);
  }

  /** Reads nothing for a while, and asks for more than the network holds. */
  #dawdle() {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    counts.slow++;
    const socket = this.#socket;
    socket.pause();
    this.#later(between(slowMs), () => socket.resume());
    for (let i = 0; i < wishes; i++) this.#later(i * 20, () => socket.readyState === WebSocket.OPEN && socket.send('{"type":"request_sync"}'));
  }
}

const people = [];
const commands = {
  start({ url, projects, count }) {
    target = { url, projects, asleep: new Set(), ledger: new Map() };
    for (let i = 0; i < count; i++) {
      const person = new Person(i);
      people.push(person);
      setTimeout(() => person.come(), i * 10);
    }
  },
  sleep({ project }) {
    target.asleep.add(project);
    for (const person of people) person.leaveIf(project);
  },
  wake({ project }) {
    target.asleep.delete(project);
  },
  read() {
    const sorted = Float64Array.from(latencies).sort();
    latencies = [];
    return { ...counts, p50: sorted[Math.floor(sorted.length / 2)] ?? null, p99: sorted[Math.floor(sorted.length * 0.99)] ?? null };
  },
  /** Nobody edits any more; resolves with the ledger when all that was sent is answered. */
  async stop() {
    running = false;
    for (let i = 0; i < 1_000 && !people.every(({ idle }) => idle); i++) await new Promise((done) => setTimeout(done, 20));
    for (const person of people) person.leave();
    return [...target.ledger];
  },
};
process.on("message", async ({ command, args }) => {
  try {
    process.send({ result: (await commands[command](args)) ?? null });
  } catch (error) {
    process.send({ failed: String(error.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit(0));
process.send({ result: null });
