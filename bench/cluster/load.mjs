// Child process: clients that edit as fast as they are answered, and others that only listen. Reports what was acknowledged, and how long it took.
import WebSocket from "ws";
import { wait } from "../lib/figures.mjs";

class Client {
  latencies = [];
  others = 0;
  acked = 0;
  refused = 0;
  #sentAt = [];
  #number = 0;
  #again;

  constructor({ url, project, task, listens }) {
    this.task = task;
    this.listens = listens;
    this.socket = new WebSocket(`${url.replace("http", "ws")}/gantt-sync?project=${project}`, { perMessageDeflate: false, skipUTF8Validation: true });
  }

  async join() {
    await new Promise((done, fail) => this.socket.once("open", done).once("error", fail));
    await new Promise((done, fail) => {
      this.socket.once("close", () => fail(new Error("closed while joining")));
      this.socket.on("message", (data) => {
        if (data.toString("latin1", 0, 16).startsWith('{"type":"init"')) done();
        else this.#heard(data);
      });
      this.socket.send(JSON.stringify({ type: "hello", protocol: 1, user: { name: this.task } }));
    });
  }

  edit() {
    const n = ++this.#number;
    const text = `{"type":"changes","revision":${n},"baseRevision":0,"payload":{"tasks":{"updated":[{"id":"${this.task}","changes":{"duration":${(n % 90) + 1}}}]}}}`;
    this.#sentAt.push(performance.now());
    this.socket.send(text);
  }

  /** Keeps this many unanswered. */
  loop(outstanding) {
    this.#again = () => this.edit();
    for (let i = 0; i < outstanding; i++) this.edit();
  }

  stop() {
    this.#again = undefined;
  }

  get idle() {
    return this.#sentAt.length === 0;
  }

  reset() {
    this.latencies = [];
    this.acked = this.others = 0;
  }

  #heard(data) {
    const type = data.toString("latin1", 9, 12);
    if (type === "cha") this.others++;
    else if (type === "ack") {
      this.acked++;
      this.latencies.push(performance.now() - this.#sentAt.shift());
      this.#again?.();
    } else if (type === "con" || type === "err") {
      this.refused++;
      this.#sentAt.shift();
    }
  }
}

const clients = [];
const sum = (name) => clients.reduce((total, client) => total + client[name], 0);
const commands = {
  /** @param places `{ url, project, task, listens }` of each client. */
  async connect({ places }) {
    for (let from = 0; from < places.length; from += 50)
      clients.push(
        ...(await Promise.all(
          places.slice(from, from + 50).map(async (place) => {
            const client = new Client(place);
            await client.join();
            return client;
          }),
        )),
      );
  },
  start: ({ outstanding }) => {
    for (const client of clients) if (!client.listens) client.loop(outstanding);
  },
  reset: () => {
    for (const client of clients) client.reset();
  },
  async stop() {
    for (const client of clients) client.stop();
    for (let i = 0; i < 2_000 && clients.some(({ idle }) => !idle); i++) await wait(5);
  },
  read: () => ({
    acked: sum("acked"),
    others: sum("others"),
    refused: sum("refused"),
    latencies: clients.flatMap(({ latencies }) => latencies),
  }),
  cpu: () => ({ cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6 }),
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
