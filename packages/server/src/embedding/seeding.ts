import { PlanError } from "@livegantt/core";
import { noSuchProject, ServerError } from "../errors.ts";
import { createProject, type Foundation, type NewProject } from "../http/createProject.ts";
import type { Scheduler } from "../interfaces/scheduler.ts";
import { type ProjectInfo, StoreError } from "../interfaces/store.ts";
import type { Limits } from "../limits.ts";

/**
 * The plan of a project that is opened here for the first time, from the product's own tables or API; `undefined` where it knows no such project. What it throws as
 * a `ServerError` the person sees as it is; anything else is logged, and the person is told to try again.
 */
export type LoadProject = (id: string) => NewProject | undefined | Promise<NewProject | undefined>;

interface SeedingOptions extends Foundation {
  readonly limits: Limits;
  readonly scheduler: Scheduler;
}

const maxIdLength = 64;
const retryAfterMs = 2_000;
const maxProblems = 1_000;

/** Makes projects of what the product has, each once: whoever is second, here or on another server, gets the first one's. */
export class Seeding {
  readonly #load: LoadProject;
  readonly #options: SeedingOptions;
  readonly #making = new Map<string, Promise<ProjectInfo>>();

  constructor(load: LoadProject, options: SeedingOptions) {
    this.#load = load;
    this.#options = options;
  }

  /** Call for a project that the store does not know. @throws ServerError where the product does not know it either, does not answer, or gives a plan that is none. */
  make(id: string): Promise<ProjectInfo> {
    let making = this.#making.get(id);
    if (!making) {
      making = this.#make(id).finally(() => this.#making.delete(id));
      this.#making.set(id, making);
    }
    return making;
  }

  async #make(id: string): Promise<ProjectInfo> {
    if (id === "" || id.length > maxIdLength) throw noSuchProject(id);
    const given = await this.#ask(id);
    if (!given) throw noSuchProject(id);
    try {
      return await createProject(this.#options, { ...given, id });
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === "exists") return this.#madeElsewhere(id, cause);
      if (cause instanceof PlanError) throw this.#refused(id, cause);
      throw cause;
    }
  }

  async #madeElsewhere(id: string, cause: StoreError): Promise<ProjectInfo> {
    const info = await this.#options.store.project(id);
    if (!info) throw cause;
    return info;
  }

  async #ask(id: string): Promise<NewProject | undefined> {
    const { limits, scheduler, log } = this.#options;
    let late: { cancel(): void } | undefined;
    try {
      const timeout = new Promise<never>((_, fail) => {
        const reason = `loadProject did not answer within ${limits.loadSeconds} s (loadSeconds)`;
        late = scheduler.after(limits.loadSeconds * 1000, () => fail(new Error(reason)), { idle: true });
      });
      return await Promise.race([this.#load(id), timeout]);
    } catch (cause) {
      if (cause instanceof ServerError) throw cause;
      log.error({ err: cause, project: id }, "loadProject failed");
      throw new ServerError("project_source_failed", "retry", `The plan of "${id}" cannot be read from where it is kept. Try again shortly.`, {
        status: 503,
        retryAfterMs,
        cause,
      });
    } finally {
      late?.cancel();
    }
  }

  #refused(id: string, cause: PlanError): ServerError {
    const problems = cause.problems.slice(0, maxProblems);
    this.#options.log.error({ project: id, problems: problems.slice(0, 10) }, "loadProject gave a plan that breaks the laws of a plan");
    return new ServerError("project_source_invalid", "fatal", `The plan of "${id}" cannot be opened: ${cause.message}. It must be mended where it is kept.`, {
      status: 422,
      problems,
      cause,
    });
  }
}
