import { connect } from "node:net";
import { socketCase } from "./frames.mjs";
import { randomOf } from "./random.mjs";
import { RawSocket } from "./rawSocket.mjs";
import { requestCase } from "./requests.mjs";

const answerMs = 20_000;
const hangMs = 3_000;
const projectEvery = 4_000;

/** @returns {{ kind: "socket" | "http", random: ReturnType<typeof randomOf> }} what a case is, before the state of its connection is known */
export function caseOf(seed, index) {
  const random = randomOf(seed, index);
  return { kind: random.chance(0.9) ? "socket" : "http", random };
}

/** One attacker: plays cases on a socket that it opens anew whenever the server has closed it, and on connections of their own. */
export class Lane {
  counts = { frames: 0, requests: 0, sockets: 0, closed: 0, acks: 0, conflicts: 0, errors: 0, statuses: new Map() };
  #target;
  #seed;
  #paths;
  #fault;
  #project;
  #sinceProject = 0;
  #socket;
  #next = 1;
  #live = false;
  #echoes = 0;
  #wake = () => {};

  constructor({ target, seed, paths, fault }) {
    this.#target = target;
    this.#seed = seed;
    this.#paths = paths;
    this.#fault = fault;
  }

  /** @param {readonly number[]} indexes */
  async play(indexes) {
    if (this.#project === undefined || this.#sinceProject > projectEvery) await this.#move();
    this.#sinceProject += indexes.length;
    const cases = indexes.map((index) => ({ index, ...caseOf(this.#seed, index) }));
    const apart = [];
    for (const { kind, random } of cases) {
      if (kind === "http") {
        apart.push(this.#request(random));
        continue;
      }
      this.counts.frames++;
      const { isSharp, usesNumber, frames } = socketCase(random, this.#next);
      if (isSharp) apart.push(this.#alone(random, frames));
      else {
        if (!this.#live || this.#socket.isClosed) await this.#join();
        this.#socket.send(...frames);
        if (usesNumber) this.#next++;
      }
    }
    await Promise.all([this.#settle(), ...apart]);
  }

  async end() {
    this.#socket?.destroy();
    if (this.#project !== undefined) await this.#target.erase(this.#project);
  }

  async #move() {
    await this.end();
    this.#project = await this.#target.project();
    this.#sinceProject = 0;
    this.#live = false;
  }

  async #join() {
    this.#socket?.destroy();
    this.#live = false;
    this.counts.sockets++;
    const socket = new RawSocket({
      port: this.#target.port,
      project: this.#project,
      onMessage: (text) => this.#heard(socket, text),
      onEvent: () => this.#wake(),
    });
    this.#socket = socket;
    socket.json({ type: "hello", protocol: 1, user: { name: "Eve" }, lastRevision: 0 });
    await this.#until(() => this.#live || socket.isClosed, "hello was not answered");
  }

  /** Everything sent so far was dealt with: the echo comes after it, or the connection was closed. */
  async #settle() {
    const socket = this.#socket;
    if (!socket || socket.isClosed) return;
    const echoes = this.#echoes;
    socket.json({ type: "heartbeat" });
    await this.#until(() => this.#echoes > echoes || socket.isClosed, "a heartbeat was not answered");
  }

  #heard(socket, text) {
    if (socket !== this.#socket) return;
    this.#check(text);
    if (text === '{"type":"heartbeat"}') this.#echoes++;
    else if (text.startsWith('{"type":"init"')) {
      this.#live = true;
      this.#next = 1;
    } else {
      if (text.startsWith('{"type":"ack"')) this.counts.acks++;
      else if (text.startsWith('{"type":"conflict"')) this.counts.conflicts++;
      else if (text.startsWith('{"type":"error"')) this.counts.errors++;
      else return;
      const [, expected] = /number (\d+) is expected/.exec(text) ?? [];
      if (expected !== undefined) this.#next = Number(expected);
    }
  }

  /** Waits for the socket. @param {string} complaint said where it does not come in time. */
  async #until(condition, complaint) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, answerMs);
    while (!condition() && !late)
      await new Promise((done) => {
        this.#wake = done;
      });
    clearTimeout(timer);
    if (late && !condition()) this.#fault(`${complaint} within ${answerMs} ms`);
  }

  /** Frames on a connection of their own, behind the greeting or in the middle of it. */
  async #alone(random, frames) {
    this.counts.sockets++;
    let isGreeted = random.chance(0.5);
    let isAnswered = false;
    let wake = () => {};
    const socket = new RawSocket({
      port: this.#target.port,
      project: this.#project,
      onMessage: (text) => {
        this.#check(text);
        isGreeted ||= text.startsWith('{"type":"init"');
        isAnswered ||= text === '{"type":"heartbeat"}';
      },
      onEvent: () => wake(),
    });
    const until = (condition) =>
      new Promise((done) => {
        const timer = setTimeout(done, hangMs);
        wake = () => {
          if (!condition() && !socket.isClosed) return;
          clearTimeout(timer);
          done();
        };
        wake();
      });
    socket.json({ type: "hello", protocol: 1, user: { name: "Eve" }, lastRevision: 0 });
    await until(() => isGreeted);
    socket.send(...frames);
    socket.json({ type: "heartbeat" });
    // A frame that promises more bytes than came swallows the heartbeat, and nothing comes.
    await until(() => isAnswered);
    if (socket.isClosed) this.counts.closed++;
    socket.destroy();
  }

  #check(text) {
    if (text.includes('"internal_error"')) this.#fault(`a socket was answered: ${text.slice(0, 500)}`);
  }

  #request(random) {
    this.counts.requests++;
    const { bytes, hangUp } = requestCase(random, { paths: this.#paths, project: this.#project });
    return new Promise((done) => {
      const socket = connect(this.#target.port, "127.0.0.1");
      const chunks = [];
      socket.setTimeout(hangMs, () => socket.destroy());
      socket.on("error", () => {});
      socket.on("data", (chunk) => chunks.push(chunk));
      socket.on("close", () => {
        done(this.#answered(Buffer.concat(chunks).toString("latin1")));
      });
      if (hangUp) socket.write(bytes, () => socket.destroy());
      else socket.end(bytes);
    });
  }

  async #answered(response) {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(response)?.[1] ?? "none";
    this.counts.statuses.set(status, (this.counts.statuses.get(status) ?? 0) + 1);
    if (status === "500" || response.includes('"internal_error"')) this.#fault(`a request was answered: ${response.slice(0, 800)}`);
    const [, made] = status === "201" ? (/"id":"([0-9a-f]{20})","name"/.exec(response) ?? []) : [];
    if (made !== undefined) await this.#target.erase(made);
  }
}
