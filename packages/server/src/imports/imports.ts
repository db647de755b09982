import { Worker } from "node:worker_threads";
import { type ErrorBody, ServerError } from "../errors.ts";
import { systemScheduler } from "../interfaces/scheduler.ts";
import type { Limits } from "../limits.ts";
import { type Filled, fill, type Order } from "./foundProject.ts";

/** Bytes up to which an order takes a few milliseconds: less than a thread needs to start. */
const smallBytes = 128 * 1024;

/**
 * The compiled worker, next to this compiled file. Node runs no TypeScript, so from the sources (tests) everything happens on this thread.
 */
const worker = import.meta.url.endsWith(".js") ? new URL("./worker.js", import.meta.url) : undefined;

type Reply = { readonly filled: Filled } | { readonly refused: ErrorBody & { readonly status: number } };

/** Turns large files into projects on threads of their own, so that nobody's edit waits for somebody's import. */
export class Imports {
  readonly #limits: Limits;
  readonly #running = new Set<Worker>();
  #closing = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @throws ServerError for what cannot become a project, takes too long or too much memory, or comes while too many others are under way. */
  async fill(order: Order): Promise<Filled> {
    if (order.bytes.length <= smallBytes || worker === undefined) return fill(order);
    const { importsAtOnce } = this.#limits;
    if (this.#running.size >= importsAtOnce) {
      const message = `${importsAtOnce} imports are under way, the limit (importsAtOnce). Try again in a moment.`;
      throw new ServerError("too_many_imports", "backoff", message, { status: 503, retryAfterMs: 5_000 });
    }
    return this.#onThread(order, worker);
  }

  /** Ends what is under way; nothing of it was stored. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#running].map((thread) => thread.terminate()));
  }

  #onThread(order: Order, file: URL): Promise<Filled> {
    const { importSeconds, importMegabytes } = this.#limits;
    // The body may share its memory with others: a copy moves to the thread.
    const bytes = new Uint8Array(order.bytes);
    const thread = new Worker(file, {
      workerData: { ...order, bytes },
      transferList: [bytes.buffer],
      resourceLimits: { maxOldGenerationSizeMb: importMegabytes },
    });
    this.#running.add(thread);
    return new Promise<Filled>((done, failed) => {
      const timer = systemScheduler.after(importSeconds * 1000, () => {
        failed(tooMuch(`takes longer than ${importSeconds} seconds, the limit (importSeconds)`));
        void thread.terminate();
      });
      thread.on("message", (reply: Reply) => ("filled" in reply ? done(reply.filled) : failed(refusal(reply.refused))));
      thread.on("error", (error: Error & { code?: string }) =>
        failed(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuch(`needs more than ${importMegabytes} MiB of memory, the limit (importMegabytes)`) : error),
      );
      thread.on("exit", () => {
        timer.cancel();
        this.#running.delete(thread);
        failed(this.#closing ? goingAway() : new Error("the thread of an import ended without a result"));
      });
    });
  }
}

const tooMuch = (why: string): ServerError =>
  new ServerError("import_too_large", "fix", `The file ${why}. Split the project into several files, or raise the limit.`, { status: 413 });

const goingAway = (): ServerError => new ServerError("going_away", "retry", "The server is stopping; nothing was imported. Try again.");

const refusal = ({ code, action, message, status, path, problems }: ErrorBody & { readonly status: number }): ServerError =>
  new ServerError(code, action, message, { status, problems, ...(path !== undefined && { path }) });
