import type { Changeset } from "@livegantt/core";
import type { ServerError } from "../errors.ts";
import type { Role } from "../interfaces/access.ts";
import type { FrameGroup, OwnMessage } from "../socket/frameGroup.ts";
import type { Listener } from "./presence.ts";

/** A project as readers see it: only what is durable. */
export interface View {
  readonly epoch: string;
  readonly revision: number;
  /** The Snapshot as JSON. */
  readonly text: string;
}

/** A connection that takes part in a room. */
export interface Member extends Listener {
  /** The messages of one commit group. `own` replaces what goes to the others. */
  deliver(group: FrameGroup, own: readonly OwnMessage[]): void;
  /** One message to this connection alone. */
  send(text: string): void;
  /** Says why, then ends the connection. */
  refuse(error: ServerError, closeCode: number): void;
}

export interface Command {
  readonly name: string;
  readonly args: unknown;
}

/** What a numbered message asks for. `invalid`: it had a number, but nothing that can be applied. */
export type Wish = { readonly payload: Changeset } | { readonly command: Command } | { readonly invalid: ServerError };

/** A numbered message on its way to a decision. */
export interface Submission {
  readonly clientId: string;
  /** The client's own number. */
  readonly revision: number;
  readonly baseRevision: number;
  readonly author: string;
  readonly sub: string | null;
  readonly role: Role;
  readonly intent?: string;
  readonly madeAt?: string;
  readonly wish: Wish;
  /** Made by the server from a whole plan: may have more operations than a message may. */
  readonly whole?: boolean;
  /** The connection that sent it; absent for HTTP. The broadcast skips it (W4). */
  readonly member?: Member;
  /** Takes the answer's text where no connection does. */
  readonly answer?: (text: string) => void;
}
