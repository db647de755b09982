import type { IncomingMessage } from "node:http";
import { ServerError } from "../errors.ts";

export interface GuardOptions {
  /** Origins of other pages that may use this server, e.g. `https://plans.example.com`. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Host names that requests may carry; `undefined` accepts all. Set where everybody who reaches the server is trusted: a foreign page that rebinds its DNS name
   * to this machine sends its own name as Host.
   */
  readonly allowedHosts?: readonly string[] | undefined;
}

export const loopbackHosts: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Same-origin rule for sockets and HTTP: a browser's `Origin` is the server's own or on the allow-list. Programs send none. */
export class Guard {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string> | undefined;

  constructor({ allowedOrigins = [], allowedHosts }: GuardOptions) {
    this.#origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
    this.#hosts = allowedHosts && new Set(allowedHosts.map((host) => host.toLowerCase()));
  }

  /** Is this the origin of another page that is on the allow-list? */
  isAllowedOrigin(origin: string): boolean {
    return this.#origins.has(origin.toLowerCase());
  }

  refusalOf({ headers }: IncomingMessage): ServerError | undefined {
    const host = headers.host?.toLowerCase() ?? "";
    const name = host.replace(/:\d+$/, "");
    if (this.#hosts && !this.#hosts.has(name)) {
      const message = `Requests for the host "${name.slice(0, 80)}" are not answered. Allowed: ${[...this.#hosts].join(", ")}.`;
      return new ServerError("host_not_allowed", "fatal", message);
    }
    const { origin } = headers;
    if (origin === undefined || this.isAllowedOrigin(origin) || hostOf(origin) === host) return undefined;
    const message = `Pages of ${origin.slice(0, 80)} may not use this server. Add the origin to the list of allowed origins (LIVEGANTT_ORIGINS).`;
    return new ServerError("origin_not_allowed", "fatal", message);
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return undefined;
  }
}
