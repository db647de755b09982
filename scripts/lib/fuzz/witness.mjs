import { RawSocket } from "./rawSocket.mjs";

const everyMs = 25;

/** Two people who work on a plan of their own meanwhile. Each edit of the first must be acknowledged, and reach the second, within a time. */
export class Witness {
  /** ms from sending to the acknowledgement. */
  latencies = [];
  #sockets = [];
  #sent = new Map();
  #number = 0;
  #seen = 0;
  #hasEnded = false;
  #timer;
  #fault;
  #boundMs;

  static async start({ target, fault, boundMs }) {
    const witness = new Witness();
    witness.#fault = fault;
    witness.#boundMs = boundMs;
    const project = await target.project();
    await Promise.all([witness.#join(target, project, (text) => witness.#author(text)), witness.#join(target, project, (text) => witness.#reader(text))]);
    witness.#timer = setInterval(() => witness.#edit(), everyMs);
    return witness;
  }

  /** Waits until the last edit has arrived. */
  async settle() {
    clearInterval(this.#timer);
    const until = Date.now() + this.#boundMs;
    while ((this.#sent.size > 0 || this.#seen < this.#number) && Date.now() < until) await new Promise((done) => setTimeout(done, 5));
    if (this.#seen < this.#number) this.#fault(`${this.#number - this.#seen} edits of others did not arrive`);
  }

  end() {
    this.#hasEnded = true;
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  get summary() {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return { edits: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
  }

  #join(target, project, onMessage) {
    return new Promise((done, fail) => {
      const socket = new RawSocket({
        port: target.port,
        project,
        onMessage: (text) => {
          if (text.startsWith('{"type":"init"')) done();
          else onMessage(text);
        },
        onEvent: () => {
          if (!socket.isClosed || this.#hasEnded) return;
          this.#fault("the connection of somebody else was closed");
          fail(new Error("closed"));
        },
      });
      this.#sockets.push(socket);
      socket.json({ type: "hello", protocol: 1, user: { name: "Witness" }, lastRevision: 0 });
    });
  }

  #edit() {
    const oldest = this.#sent.values().next().value;
    if (oldest !== undefined && performance.now() - oldest > this.#boundMs) {
      this.#fault(`an edit of somebody else was not acknowledged within ${this.#boundMs} ms`);
      clearInterval(this.#timer);
      return;
    }
    if (this.#sent.size > 20) return;
    this.#number++;
    this.#sent.set(this.#number, performance.now());
    const payload = { tasks: { updated: [{ id: "t1", changes: { name: `Edit ${this.#number}` } }] } };
    this.#sockets[0].json({ type: "changes", revision: this.#number, baseRevision: this.#number - 1, payload });
    for (const socket of this.#sockets) socket.json({ type: "heartbeat" });
  }

  #author(text) {
    const number = Number(/^\{"type":"ack","payload":\{"clientRevision":(\d+)/.exec(text)?.[1]);
    const sent = this.#sent.get(number);
    if (sent !== undefined) {
      this.latencies.push(performance.now() - sent);
      this.#sent.delete(number);
    } else if (!text.startsWith('{"type":"heartbeat"') && !/^\{"type":"(presence|user_|delta|selection)/.test(text))
      this.#fault(`an edit of somebody else was answered: ${text.slice(0, 300)}`);
  }

  #reader(text) {
    if (text.startsWith('{"type":"changes"')) this.#seen++;
  }
}
