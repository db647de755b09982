import { ProjectState } from "@livegantt/core";
import { type Addresses, addressesOf } from "./addresses.ts";
import type { LiveEvents } from "./api.ts";
import { Batcher } from "./batcher.ts";
import { Connection } from "./connection.ts";
import { Delivery } from "./delivery.ts";
import { Editor } from "./editor.ts";
import type { Emitter } from "./emitter.ts";
import type { Environment, TimerHandle } from "./environment.ts";
import { ClientError } from "./errors.ts";
import { askServer, type HttpRequest } from "./http.ts";
import { readToken, subjectOf } from "./identity.ts";
import { LinkSession } from "./linkSession.ts";
import { listOutboxes, OfflineQueue } from "./offlineQueue.ts";
import { defaults, type OpenProjectOptions } from "./options.ts";
import { type OpenHelper, Orphans } from "./orphans.ts";
import { fetchPlan, PlanCache } from "./planCache.ts";
import { PresenceManager } from "./presence.ts";
import { Replica } from "./replica.ts";
import { Session } from "./session.ts";
import { chooseStorage } from "./storage/choose.ts";
import type { OutboxStorage } from "./storage/storage.ts";
import { type Identity, takeIdentity } from "./tabIdentity.ts";
import { UndoManager } from "./undo.ts";

const housekeepingMs = 60_000;

export interface WorkplaceHooks {
  readonly events: Emitter<LiveEvents>;
  readonly user: { readonly name: string; readonly avatar?: string };
  readonly makeId: () => string;
  readonly signal: AbortSignal;
  readonly loaded: () => void;
  /** What the computed dates of the view amount to, where they are computed at all. */
  readonly scheduleHash: () => string | undefined;
  /** The parts are there, before the first of them speaks. */
  readonly opened: (workplace: Workplace) => void;
  readonly openHelper: OpenHelper;
}

/** All parts of one client on one project, put together. Lives from the moment when the tab knows who it is. */
export class Workplace {
  readonly clientId: string;
  readonly queue: OfflineQueue;
  readonly replica: Replica;
  readonly undo = new UndoManager();
  readonly editor: Editor;
  readonly delivery: Delivery;
  readonly presence: PresenceManager;
  readonly connection: Connection;
  readonly session: Session;
  readonly #options: OpenProjectOptions;
  readonly #env: Environment;
  readonly #hooks: WorkplaceHooks;
  readonly #storage: OutboxStorage;
  readonly #addresses: Addresses;
  readonly #identity: Identity;
  readonly #owner: string;
  readonly #link: LinkSession | undefined;
  readonly #cache: PlanCache;
  readonly #orphans: Orphans;
  #houseTimer: TimerHandle;
  #unguard: (() => void) | undefined;

  /** Finds out who this tab is and what it left behind, and lays that over the plan of this device. Undefined where it was given up meanwhile. */
  static async open(options: OpenProjectOptions, env: Environment, hooks: WorkplaceHooks): Promise<Workplace | undefined> {
    const addresses = addressesOf(options.url, options.project, env.baseUrl);
    const storage = chooseStorage(options.storage);
    const { link: given } = options;
    const { clock, fetch, locks } = env;
    const parts = { storage, scope: addresses.scope, url: addresses.session, fetch, clock, locks, signal: hooks.signal };
    const link = given === undefined ? undefined : await LinkSession.open({ ...parts, link: given });
    const owner = await ownerOf(options, link, storage, addresses.scope);
    const scope = `${addresses.scope}outbox/`;
    const outboxes = listOutboxes(await storage.read(scope), scope).filter((outbox) => outbox.owner === owner);
    // A guest is somebody else than whoever used this tab before; the server keeps their clients apart.
    const memory = link === undefined ? addresses.scope : `${addresses.scope}${owner}/`;
    const identity = await takeIdentity(env.locks, env.tab, { locks: addresses.scope, memory }, outboxes, options.clientId, hooks.makeId);
    if (hooks.signal.aborted) {
      identity.lock.release();
      return undefined;
    }
    // Read again: the lock is ours only now, and nobody else writes from here on.
    const entries = await storage.read(scope);
    const workplace = new Workplace(options, env, hooks, storage, addresses, identity, owner, link, entries);
    const cached = await workplace.#cache.read();
    if (hooks.signal.aborted) {
      workplace.destroy(new ClientError("destroyed", "fatal", "closed while it was opened"));
      return undefined;
    }
    hooks.opened(workplace);
    if (cached) workplace.session.adopt(cached.state, cached.epoch, cached.role);
    return workplace;
  }

  private constructor(
    options: OpenProjectOptions,
    env: Environment,
    hooks: WorkplaceHooks,
    storage: OutboxStorage,
    addresses: Addresses,
    identity: Identity,
    owner: string,
    link: LinkSession | undefined,
    entries: readonly (readonly [string, unknown])[],
  ) {
    const { clock } = env;
    const { events, makeId } = hooks;
    this.clientId = identity.clientId;
    this.#options = options;
    this.#env = env;
    this.#hooks = hooks;
    this.#storage = storage;
    this.#addresses = addresses;
    this.#identity = identity;
    this.#owner = owner;
    this.#link = link;
    const outboxScope = `${addresses.scope}outbox/`;
    this.#cache = new PlanCache(storage, addresses.scope, owner);
    this.queue = new OfflineQueue(
      storage,
      outboxScope,
      identity.clientId,
      owner,
      (error) => events.emit("error", error),
      () => this.editor.keptChanged(),
    );
    this.queue.load(entries, new Date(clock.now()).toISOString());
    this.replica = new Replica(new ProjectState({ id: options.project }), { clientId: identity.clientId, name: hooks.user.name });
    const batcher = new Batcher(options.batchDelayMs ?? defaults.batchDelayMs);
    this.editor = new Editor({
      queue: this.queue,
      replica: this.replica,
      undo: this.undo,
      batcher,
      events,
      policies: options.policies ?? {},
      now: () => clock.now(),
      makeId,
      pump: () => this.delivery.pump(),
    });
    const maxBytes = options.maxMessageBytes ?? defaults.maxMessageBytes;
    this.delivery = new Delivery(this.queue, clock, maxBytes, {
      sendText: (text) => this.connection.sendText(text),
      silent: () => this.connection.drop("no answer in 10 s"),
      tooLarge: (edit, bytes) =>
        this.editor.refused(edit.seq, {
          code: "message_too_large",
          message: `This edit has ${bytes} bytes; the server takes ${maxBytes} in one message. Split it into smaller ones.`,
        }),
      waitOf: (seq, now) => batcher.waitOf(seq, now),
      numbered: (seq) => batcher.release(seq),
    });
    this.presence = new PresenceManager(clock, {
      send: (message) => (this.connection.status === "live" || this.connection.status === "syncing") && this.connection.send(message),
      users: (users) => events.emit("presenceUpdate", { users }),
      selection: (selection) => events.emit("selection", selection),
      computed: () => this.#computed(),
    });
    this.connection = new Connection(
      env,
      {
        base: options.baseReconnectDelay ?? defaults.baseReconnectDelay,
        max: options.maxReconnectDelay ?? defaults.maxReconnectDelay,
        attempts: options.maxReconnectAttempts ?? defaults.maxReconnectAttempts,
      },
      {
        hello: () => this.#hello(),
        message: (message) => this.session.receive(message),
        status: (status, retryInMs, error) =>
          events.emit("status", { status, ...(retryInMs === undefined ? {} : { retryInMs }), ...(error === undefined ? {} : { error }) }),
        down: (code, reason) => {
          this.session.down();
          this.#keepPlan();
          events.emit("disconnected", { code, reason });
        },
        error: (error) => events.emit("error", error),
        renewToken: () => this.#link?.renew() ?? typeof options.token === "function",
      },
    );
    this.session = new Session({
      clientId: identity.clientId,
      clock,
      connection: this.connection,
      replica: this.replica,
      editor: this.editor,
      delivery: this.delivery,
      presence: this.presence,
      events,
      loaded: hooks.loaded,
      inStep: () => this.#inStep(),
    });
    this.#orphans = new Orphans({
      options,
      env,
      storage,
      outboxScope,
      lockScope: addresses.scope,
      owner,
      own: this.queue,
      openHelper: hooks.openHelper,
      told: (notice) => events.emit("notice", notice),
      inherited: () => this.editor.inboxGrew(),
    });
    if (options.leaveGuard ?? true) this.#unguard = env.page.guardLeave(() => this.queue.edits.length === 0 || this.queue.persisted);
  }

  /** Edits of tabs that are gone are sent as what they are: theirs (O1). A client with a fixed id minds its own business. */
  adoptOrphans(): void {
    if (this.#options.clientId === undefined) this.#orphans.scan().catch(() => {}); // a store that cannot be read holds nothing to adopt
  }

  /** @param path below the project's own address. */
  async request<T>(method: HttpRequest["method"], path: string, body: object | undefined): Promise<T> {
    const { signal } = this.#hooks;
    return askServer<T>(this.#env.fetch, { method, url: this.#addresses.snapshot + path, body, token: await this.#token(), signal });
  }

  destroy(error: ClientError): void {
    this.#unguard?.();
    if (this.#houseTimer !== undefined) this.#env.clock.clearTimeout(this.#houseTimer);
    this.#orphans.destroy();
    this.connection.destroy();
    this.session.destroy();
    this.delivery.destroy();
    this.presence.destroy();
    this.editor.destroy(error);
    // The lock goes last: nobody takes this outbox over before its last write is done.
    const written = this.queue.commit();
    const close = (): void => {
      this.#identity.lock.release();
      if (typeof this.#options.storage !== "object") this.#storage.close?.();
    };
    if (written) written.then(close);
    else close();
  }

  async #hello(): Promise<{ readonly url: string; readonly hello: object }> {
    const { options, env } = { options: this.#options, env: this.#env };
    const token = await this.#token();
    const sub = subjectOf(token);
    if (options.user?.id === undefined && sub !== undefined && sub !== this.#owner && !this.#ownsNothing())
      throw new ClientError(
        "user_changed",
        "reauth",
        "Somebody else is signed in now. Unsent edits on this device stay with the person who made them. Open the project again.",
      );
    if (!this.session.hasPlan && options.load !== "socket" && env.fetch) {
      const plan = await fetchPlan(env.fetch, this.#addresses.snapshot, token, this.#hooks.signal);
      if (plan && !this.session.hasPlan && !this.#hooks.signal.aborted) this.session.adopt(plan.state, plan.epoch);
    }
    return { url: this.#addresses.socket, hello: this.session.hello(token, this.#hooks.user) };
  }

  #token(): Promise<string | undefined> {
    if (this.#link) return this.#link.token();
    return readToken(this.#options.token).catch((cause: unknown) => {
      throw cause instanceof ClientError ? cause : new ClientError("token_unavailable", "retry", "The sign-in could not be renewed just now.", {}, cause);
    });
  }

  /** Only the plan without own edits is one that the server has too. */
  #computed(): { readonly revision: number; readonly scheduleHash: string } | undefined {
    if (this.connection.status !== "live" || this.queue.edits.length > 0) return undefined;
    const scheduleHash = this.#hooks.scheduleHash();
    return scheduleHash === undefined ? undefined : { revision: this.replica.revision, scheduleHash };
  }

  #ownsNothing(): boolean {
    return this.#owner === "" && this.queue.edits.length === 0;
  }

  #inStep(): void {
    this.editor.decideOpen();
    this.#housekeeping();
  }

  /** While live, once a minute: the plan on this device follows, and tabs that are gone are looked for. */
  #housekeeping(): void {
    this.#keepPlan();
    this.adoptOrphans();
    this.#houseTimer ??= this.#env.clock.setTimeout(() => {
      this.#houseTimer = undefined;
      if (this.connection.status === "live") this.#housekeeping();
    }, housekeepingMs);
  }

  #keepPlan(): void {
    const { epoch, hasPlan, role } = this.session;
    if (epoch !== undefined && hasPlan) this.#cache.save(epoch, role, this.replica.revision, () => this.replica.serverSnapshot());
  }
}

/** Whose edits these are: the given id, the token's subject, the name. While no token can be had, whoever it was last on this device. */
async function ownerOf(options: OpenProjectOptions, link: LinkSession | undefined, storage: OutboxStorage, scope: string): Promise<string> {
  const key = `${scope}owner`;
  const keep = (owner: string): string => {
    try {
      const written = storage.write([[key, owner]], []);
      if (written) written.catch(() => {});
    } catch {
      // a full store is reported when an edit has to be kept
    }
    return owner;
  };
  if (options.user?.id !== undefined) return keep(options.user.id);
  if (link) return keep(subjectOf(await link.patiently()) ?? options.user?.name ?? "");
  if (options.token === undefined) return options.user?.name ?? "";
  try {
    return keep(subjectOf(await readToken(options.token)) ?? options.user?.name ?? "");
  } catch {
    const last = (await storage.read(key)).find(([name]) => name === key)?.[1];
    return typeof last === "string" ? last : (options.user?.name ?? "");
  }
}
