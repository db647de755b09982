import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type ClientMessage, closeCodes, type Parsed, protocolVersion } from "@livegantt/core";
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import type { Visitor } from "../auth/accessWatch.ts";
import { type AuditLog, refusedCodes } from "../auth/auditLog.ts";
import { ServerError } from "../errors.ts";
import type { Authorize } from "../interfaces/access.ts";
import type { Timer } from "../interfaces/scheduler.ts";
import type { Metrics } from "../metrics.ts";
import { refusalOf } from "../room/permission.ts";
import type { Room } from "../room/room.ts";
import type { Rooms } from "../room/rooms.ts";
import type { Member, Wish } from "../room/submission.ts";
import { errorText } from "../room/turn.ts";
import { closeCodeOf } from "./closeCodeOf.ts";
import type { FrameGroup, OwnMessage } from "./frameGroup.ts";
import { Pace, type PaceMakers } from "./pace.ts";
import { Rights } from "./rights.ts";
import { onProtocolError } from "./wsInternals.ts";

/** What all connections of a server share. */
export interface Hall extends PaceMakers {
  readonly rooms: Rooms;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly authorize: Authorize;
  readonly audit: AuditLog;
  readonly parse: (json: unknown) => Parsed;
}

/** What a whole project or a delta costs, in frames. */
const syncCost = 20;
/** How long a refused connection may take to read why. */
const goodbyeMs = 5_000;

/** One WebSocket, from its upgrade to its end. */
export class Connection implements Member, Visitor {
  clientId = "";
  readonly address: string;
  readonly #hall: Hall;
  readonly #socket: WebSocket;
  readonly #project: string;
  /** When the last frame came, by a clock that never jumps. */
  #heardAt: number;
  readonly #pace: Pace;
  #stage: "new" | "joining" | "live" | "closed" = "new";
  #room: Room | undefined;
  readonly #rights: Rights;
  #name = "";
  #helloTimer: Timer | undefined;
  /** Messages that came between `hello` and `init`. */
  #early: ClientMessage[] = [];
  /** Presence was dropped: the list of users goes out before the next of it. */
  #presenceMissed = false;
  /** The whole project or a delta that was asked for last. */
  #catching: Promise<void> = Promise.resolve();
  /** Groups that must not overtake a delta that is being read. */
  #held: [FrameGroup, readonly OwnMessage[]][] | undefined;
  /** The revision at which a contradiction in computed dates was answered last. */
  #healedAt: number | undefined;
  /** Bytes of a whole project on its way: they do not count against a slow reader. */
  #bulk = 0;

  constructor(hall: Hall, socket: WebSocket, request: IncomingMessage, project: string, address: string) {
    this.#hall = hall;
    this.#socket = socket;
    this.#project = project;
    this.address = address;
    this.#heardAt = hall.scheduler.elapsed();
    this.#rights = new Rights(hall.authorize, project, request, hall.clock);
    this.#pace = new Pace(hall, socket, (error, flooding) => {
      if (flooding) {
        this.refuse(error, closeCodes.tooSlowOrFast);
        return;
      }
      hall.metrics.refusals.inc({ code: error.code });
      this.send(errorText(error));
    });
    const { helloSeconds, messageBytes } = hall.limits;
    this.#helloTimer = hall.scheduler.after(helloSeconds * 1000, () => {
      const message = `No hello within ${helloSeconds} s. The first message of a client is { type: "hello", protocol: ${protocolVersion} }; older clients need an update.`;
      this.refuse(new ServerError("no_hello", "upgrade", message), closeCodes.noHello);
    });
    onProtocolError(socket, (code) => {
      if (code === 1009) {
        const message = `A message may have ${messageBytes} bytes (limit messageBytes). Split the change, or import large plans over HTTP.`;
        this.refuse(new ServerError("message_too_large", "fix", message), closeCodes.tooLarge);
      } else this.refuse(new ServerError("bad_frame", "fix", "The frame breaks the WebSocket protocol or is no valid UTF-8."), closeCodes.badFrame);
    });
    socket.on("message", (data, binary) => this.#receive(data, binary));
    socket.on("close", () => this.#closed());
    socket.on("error", (error) => this.#hall.log.debug({ err: error, ...this.#place() }, "socket error"));
  }

  deliver(group: FrameGroup, own: readonly OwnMessage[]): void {
    if (own.length > 0) this.#pace.answered(own.length);
    if (this.#held) this.#held.push([group, own]);
    else if (!this.#tooSlow()) {
      if (own.length > 0) group.sendWith(this.#socket, own);
      else group.send(this.#socket);
    }
  }

  presence(group: FrameGroup, own: readonly OwnMessage[], users: () => string): void {
    if (this.#stage === "closed") return;
    if (this.#held || this.#socket.bufferedAmount > this.#hall.limits.presenceBytes) {
      this.#presenceMissed = true;
      this.#hall.metrics.presenceDropped.inc();
      return;
    }
    if (this.#presenceMissed) this.#socket.send(users());
    this.#presenceMissed = false;
    if (own.length > 0) group.sendWith(this.#socket, own);
    else group.send(this.#socket);
  }

  send(text: string): void {
    if (this.#stage === "closed" || this.#tooSlow()) return;
    if (text.length > this.#hall.limits.presenceBytes) this.#bulk = Math.max(this.#bulk, 2 * text.length);
    this.#socket.send(text);
  }

  refuse(error: ServerError, closeCode: number): void {
    if (this.#stage === "closed") return;
    this.#hall.metrics.refusals.inc({ code: error.code });
    this.#hall.log.info({ ...this.#place(), code: error.code, close: closeCode }, "connection ended by the server");
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(errorText(error));
    this.#closed();
    this.#socket.close(closeCode, error.code);
    this.#socket.resume();
    this.#hall.scheduler.after(goodbyeMs, () => this.#socket.terminate(), { idle: true });
  }

  /** Called every few seconds. */
  check(now: number): void {
    if (this.#rights.isOver(now)) void this.judge();
    else if (this.#hall.scheduler.elapsed() - this.#heardAt > this.#hall.limits.silentSeconds * 1000) {
      const message = `Nothing was heard for ${this.#hall.limits.silentSeconds} s. Connect again.`;
      this.refuse(new ServerError("silent", "retry", message), closeCodes.noHello);
    }
  }

  get link(): string | undefined {
    return this.#rights.access.link;
  }

  get judgedAt(): number {
    return this.#rights.askedAt;
  }

  async judge(): Promise<void> {
    if (this.#stage !== "live") return;
    try {
      const error = await this.#rights.again();
      if (error) this.#refuseHello(error);
    } catch (error) {
      this.#hall.log.warn({ err: error, project: this.#project, client: this.clientId }, "rights could not be asked for again; they stay as they are");
    }
  }

  #receive(data: RawData, binary: boolean): void {
    if (this.#stage === "closed") return;
    this.#heardAt = this.#hall.scheduler.elapsed();
    let json: unknown;
    try {
      if (binary) throw new TypeError("binary");
      json = JSON.parse(String(data));
    } catch {
      this.refuse(new ServerError("bad_frame", "fix", "A message is one JSON object in a text frame."), closeCodes.badFrame);
      return;
    }
    const parsed = this.#hall.parse(json);
    if (!parsed.ok) this.#malformed(json, parsed.error);
    else if (this.#stage === "live") this.#handle(parsed.message);
    else if (this.#stage === "joining") this.#hold(parsed.message);
    else if (parsed.message.type === "hello") void this.#hello(parsed.message);
    else {
      this.#pace.frame();
      this.send(errorText(new ServerError("hello_required", "fix", `Send "hello" before "${parsed.message.type}".`)));
    }
  }

  #hold(message: ClientMessage): void {
    this.#early.push(message);
    if (this.#early.length >= this.#hall.limits.changesInFlight) this.#pace.hold();
  }

  #malformed(json: unknown, { code, message, path, clientRevision }: Extract<Parsed, { ok: false }>["error"]): void {
    const error = new ServerError(code, "fix", message, path === undefined ? {} : { path });
    const type = (json as { type?: unknown } | null)?.type;
    // A numbered message keeps its place in the order of answers, and uses up its number (W3).
    if (clientRevision !== undefined && this.#stage === "live" && (type === "changes" || type === "command"))
      this.#submit(clientRevision, 0, { invalid: error });
    else {
      this.#pace.frame();
      this.send(errorText(error));
    }
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case "changes":
        this.#submit(message.revision, message.baseRevision, { payload: message.payload }, message.intent, message.madeAt);
        return;
      case "command":
        this.#submit(message.revision, message.baseRevision, { command: { name: message.name, args: message.args } }, message.name);
        return;
      case "heartbeat": {
        const { activeTask, revision, scheduleHash } = message.payload ?? {};
        this.#pace.frame();
        this.send('{"type":"heartbeat"}');
        this.#room?.presence.activeTask(this.clientId, activeTask);
        if (revision !== undefined && scheduleHash !== undefined)
          this.#catching = this.#catching
            .then(() => this.#compareSchedule(revision, scheduleHash))
            .catch((err: unknown) => this.#hall.log.error({ err, ...this.#place(), revision }, "the schedule could not be compared"));
        return;
      }
      case "selection":
        this.#pace.frame();
        this.#room?.presence.select(this.clientId, message.payload);
        return;
      case "request_delta":
        this.#pace.frame(syncCost);
        this.#catching = this.#catching.then(() => this.#catchUp(message.payload.lastRevision));
        return;
      case "request_sync":
        this.#pace.frame(syncCost);
        this.#catching = this.#catching.then(() => this.#catchUp(undefined));
        return;
      case "hello":
        this.#pace.frame();
        this.send(errorText(new ServerError("hello_twice", "fix", "This connection has said hello already; open another one.")));
        return;
      default:
        message satisfies never;
    }
  }

  #submit(revision: number, baseRevision: number, wish: Wish, intent?: string, madeAt?: string): void {
    const { role, sub } = this.#rights.access;
    this.#pace.change();
    if ("payload" in wish && refusalOf(role, wish.payload) !== undefined)
      this.#hall.audit.refused(this.#project, this.#rights.access, { what: "change", role });
    this.#room?.submit({
      clientId: this.clientId,
      revision,
      baseRevision,
      author: this.#name,
      sub: sub ?? null,
      role,
      wish,
      member: this,
      ...(intent !== undefined && { intent }),
      ...(madeAt !== undefined && { madeAt }),
    });
  }

  async #hello(hello: Extract<ClientMessage, { type: "hello" }>): Promise<void> {
    this.#helloTimer?.cancel();
    this.#stage = "joining";
    try {
      if (hello.protocol !== protocolVersion) {
        const message = `This server speaks protocol ${protocolVersion}, the client ${hello.protocol}. ${hello.protocol < protocolVersion ? "Reload the page or update the client." : "Update the server."}`;
        throw new ServerError("protocol_mismatch", "upgrade", message);
      }
      await this.#rights.claim(hello.token);
      const room = await this.#hall.rooms.open(this.#project);
      if (room.size >= this.#hall.limits.connectionsPerProject) {
        const message = `The project has ${room.size} connections, its limit (connectionsPerProject). Try again when others have left.`;
        throw new ServerError("project_full", "backoff", message, { retryAfterMs: 10_000 });
      }
      await this.#enter(room, hello);
    } catch (error) {
      this.#refuseHello(error);
    }
  }

  async #enter(room: Room, { clientId = randomUUID(), user: given, lastRevision }: Extract<ClientMessage, { type: "hello" }>): Promise<void> {
    await room.retain(clientId, this.#rights.access.sub ?? null);
    await room.current();
    if (this.#stage !== "joining") {
      room.release(clientId);
      return;
    }
    this.clientId = clientId;
    this.#name = (this.#rights.access.name ?? given?.name.trim()) || "Guest";
    this.#room = room;
    const presented = { name: this.#name, ...(given?.avatar !== undefined && { avatar: given.avatar }) };
    room.presence.join(clientId, presented, new Date(this.#hall.clock()).toISOString());
    room.enter(this);
    const inline = lastRevision === undefined;
    const { revision } = room.state;
    const head = {
      protocol: protocolVersion,
      clientId,
      epoch: room.epoch,
      revision,
      role: this.#rights.access.role,
      lastClientRevision: room.lastClientRevision(clientId),
    };
    const project = inline ? room.view().text : "null";
    this.send(`{"type":"init","payload":${JSON.stringify(head).slice(0, -1)},"project":${project},"users":${JSON.stringify(room.presence.users())}}}`);
    if (!inline) await this.#catchUp(lastRevision);
    for (const selection of room.presence.selections()) this.send(selection);
    if (this.#stage !== "joining") return;
    this.#stage = "live";
    for (const message of this.#early.splice(0)) this.#handle(message);
    this.#pace.admit();
  }

  #refuseHello(error: unknown): void {
    if (!(error instanceof ServerError)) {
      this.#hall.log.error({ err: error, ...this.#place() }, "hello ended in an unexpected error");
      this.refuse(new ServerError("internal_error", "retry", "The server could not open the project. Try again."), closeCodes.goingAway);
      return;
    }
    const { code } = error;
    if (refusedCodes.has(code)) this.#hall.audit.refused(this.#project, undefined, { what: "connection", code });
    this.refuse(error, closeCodeOf(error));
  }

  /** Sends what was missed since a revision, or the whole project where that is not known or too long ago. Nothing overtakes it. */
  async #catchUp(from: number | undefined): Promise<void> {
    const room = this.#room;
    if (!room) return;
    await room.settled();
    if (this.#stage === "closed") return;
    if (from === undefined || !room.reaches(from)) {
      this.send(`{"type":"sync","payload":${room.view().text}}`);
      return;
    }
    this.#held = [];
    try {
      this.send(await room.delta(from, room.state.revision));
    } catch (error) {
      this.#held = undefined;
      this.#refuseHello(error);
      return;
    }
    const held = this.#held;
    this.#held = undefined;
    for (const [group, own] of held) {
      if (own.length > 0) group.sendWith(this.#socket, own);
      else group.send(this.#socket);
    }
  }

  /** P5: equal revisions have equal dates. A client that has others gets the whole project, and with it a new engine; once at a revision, as more would not help. */
  async #compareSchedule(revision: number, hash: string): Promise<void> {
    const room = this.#room;
    if (!room) return;
    await room.settled();
    if (this.#stage !== "live" || !room.scheduleCheck.contradicts(room.state, revision, hash)) return;
    this.#hall.metrics.scheduleMismatches.inc();
    const healing = this.#healedAt !== revision;
    this.#hall.log.warn({ ...this.#place(), revision, healing }, "a client computed other dates than the server");
    if (!healing) return;
    this.#healedAt = revision;
    this.#pace.frame(syncCost);
    this.send(`{"type":"sync","payload":${room.view().text}}`);
  }

  /** D9: what every line of the log about this connection says of where it was. */
  #place(): { readonly project: string; readonly client: string; readonly revision: number | undefined } {
    return { project: this.#project, client: this.clientId, revision: this.#room?.state.revision };
  }

  /** W5: presence was dropped long before; now the connection itself goes, and the client resumes by delta. */
  #tooSlow(): boolean {
    const waiting = this.#socket.bufferedAmount;
    const { presenceBytes, pendingBytes } = this.#hall.limits;
    if (waiting <= presenceBytes) {
      this.#bulk = 0;
      return false;
    }
    if (waiting <= pendingBytes + this.#bulk) return false;
    const message = `${waiting} bytes wait for this connection, the limit is ${pendingBytes} (pendingBytes). Connect again; you will get what you missed.`;
    this.refuse(new ServerError("too_slow", "retry", message), closeCodes.tooSlowOrFast);
    return true;
  }

  #closed(): void {
    if (this.#stage === "closed") return;
    this.#stage = "closed";
    this.#helloTimer?.cancel();
    this.#held = undefined;
    this.#early = [];
    this.#room?.leave(this);
    this.#pace.end();
  }
}
