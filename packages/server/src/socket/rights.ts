import type { IncomingMessage } from "node:http";
import { linkExpired } from "../auth/linkAccess.ts";
import { ServerError } from "../errors.ts";
import type { Access, Authorize } from "../interfaces/access.ts";

/** What one connection may do, from its `hello` to its end. */
export class Rights {
  /** ms since the epoch: when they were asked for last. */
  askedAt = 0;
  readonly #authorize: Authorize;
  readonly #project: string;
  readonly #request: IncomingMessage;
  readonly #clock: () => number;
  #token: string | undefined;
  #access: Access = { role: "viewer" };

  constructor(authorize: Authorize, project: string, request: IncomingMessage, clock: () => number) {
    this.#authorize = authorize;
    this.#project = project;
    this.#request = request;
    this.#clock = clock;
  }

  get access(): Access {
    return this.#access;
  }

  /** @throws ServerError as `Authorize` does. */
  async claim(token: string | undefined): Promise<Access> {
    this.#token = token;
    return this.#ask();
  }

  isOver(now: number): boolean {
    return now >= (this.#access.expiresAt ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Asks anew with the same token. Who has other rights than before connects anew, and hears of them in `init`; nothing that was acknowledged is lost.
   * @returns why the connection must end; nothing where all is as before.
   * @throws where nobody can say just now, and what is known still holds.
   */
  async again(): Promise<ServerError | undefined> {
    const { role, sub } = this.#access;
    try {
      const access = await this.#ask();
      if (this.isOver(this.#clock())) return this.#ended();
      if (access.role === role && access.sub === sub) return undefined;
      return new ServerError("rights_changed", "retry", "Your rights in this project have changed. Connect again.");
    } catch (error) {
      if (error instanceof ServerError && (error.action === "reauth" || error.action === "fatal")) return error;
      if (this.isOver(this.#clock())) return this.#ended();
      throw error;
    }
  }

  #ended(): ServerError {
    return this.#access.link === undefined ? new ServerError("token_expired", "reauth", "Your session has ended. Log in again.") : linkExpired();
  }

  async #ask(): Promise<Access> {
    this.askedAt = this.#clock();
    this.#access = await this.#authorize(this.#token, this.#project, this.#request);
    return this.#access;
  }
}
