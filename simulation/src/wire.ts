import type { Changeset, Conflict, Notice } from "@livegantt/core";
import { type ChangeRow, rememberedAnswers } from "@livegantt/server";
import type { Witness } from "./network.ts";
import { type Line, linesOf } from "./values.ts";

export interface Message {
  readonly lines: readonly Line[];
  readonly baseRevision: number;
  /** Decided on the server: made of what it holds, so everything was seen. */
  readonly command: boolean;
  readonly text: string;
}

export interface Answer {
  readonly type: "ack" | "conflict" | "error";
  readonly text: string;
  readonly serverRevision: number;
  readonly notices: readonly Notice[];
}

interface Frame {
  readonly type: string;
  readonly revision?: number;
  readonly baseRevision?: number;
  readonly payload?: Record<string, unknown>;
  readonly name?: string;
  readonly args?: unknown;
}

export const numberKey = (clientId: string, number: number): string => `${clientId}#${number}`;

const shortOf = (clientId: string): string => clientId.slice(-6);

export interface WireListener {
  archive(): readonly ChangeRow[];
  /** The living record that an id was merged into. */
  aliasOf(kind: string, id: string): string | undefined;
  conflict(clientId: string, conflicts: readonly Conflict[]): void;
  tell(words: () => string): void;
}

/** Hears what passes between clients and server, and holds it against the rules of delivery (P3). */
export class Wire implements Witness {
  readonly messages = new Map<string, Message>();
  readonly answers = new Map<string, Answer>();
  readonly problems: string[] = [];
  conflicts = 0;
  repeats = 0;
  readonly #lastNumber = new Map<string, number>();
  readonly #listener: WireListener;

  constructor(listener: WireListener) {
    this.#listener = listener;
  }

  read(clientId: string, text: string): void {
    if (!text.startsWith('{"type":"c')) return;
    const frame = JSON.parse(text) as Frame;
    if (frame.revision === undefined) return;
    const command = frame.type === "command";
    const payload = command ? {} : (frame.payload as Changeset);
    const content = JSON.stringify(command ? [frame.name, frame.args] : payload);
    const key = numberKey(clientId, frame.revision);
    const known = this.messages.get(key);
    if (known && known.text !== content && this.answers.has(key))
      this.problems.push(`P3 number ${frame.revision} of client ${clientId} was answered and now says something else: ${content}`);
    this.#listener.tell(() => `  server: ${shortOf(clientId)} ${frame.revision} on revision ${frame.baseRevision} arrives: ${content}`);
    this.messages.set(key, { lines: linesOf(payload), baseRevision: frame.baseRevision ?? 0, command, text: content });
  }

  sent(clientId: string, text: string): void {
    const type = /^\{"type":"(\w+)"/.exec(text)?.[1];
    if (type !== "ack" && type !== "conflict" && type !== "error" && type !== "changes") return;
    const frame = JSON.parse(text) as Frame;
    const durable = this.#listener.archive().at(-1)?.revision ?? 0;
    if (type === "changes") {
      if ((frame.revision as number) > durable) this.problems.push(`P3 revision ${frame.revision} was told before it was on disk`);
      return;
    }
    const payload = frame.payload as { clientRevision?: number; serverRevision?: number; action?: string; notices?: readonly Notice[] };
    if (payload.clientRevision === undefined || (type === "error" && payload.action !== "fix" && payload.action !== "fatal")) return;
    const serverRevision = payload.serverRevision ?? 0;
    if (type === "ack" && serverRevision > durable)
      this.problems.push(`P3 number ${payload.clientRevision} of client ${clientId} was acknowledged before it was on disk`);
    this.#remember(clientId, payload.clientRevision, { type, text, serverRevision, notices: payload.notices ?? [] });
    if (type !== "conflict") return;
    const { conflicts } = frame.payload as { conflicts: readonly Conflict[] };
    this.#judge(clientId, conflicts);
    this.#listener.conflict(clientId, conflicts);
  }

  #remember(clientId: string, number: number, answer: Answer): void {
    const key = numberKey(clientId, number);
    this.#listener.tell(() => `  server: ${shortOf(clientId)} ${number} ${answer.type} ${answer.serverRevision} ${answer.type === "error" ? answer.text : ""}`);
    const first = this.answers.get(key);
    const last = Math.max(number, this.#lastNumber.get(clientId) ?? 0);
    this.#lastNumber.set(clientId, last);
    if (!first) {
      this.answers.set(key, answer);
      if (answer.type === "conflict") this.conflicts++;
      return;
    }
    this.repeats++;
    if (number > last - rememberedAnswers && first.text !== answer.text)
      this.problems.push(`P3 number ${number} of client ${clientId} got two answers:\n      ${first.text}\n      ${answer.text}`);
  }

  /** K6: an id that was merged into another record still names it. */
  #judge(clientId: string, conflicts: readonly Conflict[]): void {
    for (const { type, collection, id } of conflicts) {
      const living = type.endsWith("_not_found") ? this.#listener.aliasOf(collection, id) : undefined;
      if (living !== undefined) this.problems.push(`K6 client ${clientId} is told that ${collection}/${id} is gone; it was merged into ${living}, which lives`);
    }
  }
}
