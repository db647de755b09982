import { ClientError } from "./errors.ts";

export interface Addresses {
  /** Where the socket connects, project included. */
  readonly socket: string;
  /** Where the plan's snapshot is read. */
  readonly snapshot: string;
  /** Where a share link is exchanged for a session. */
  readonly session: string;
  /** Names server and project in this device's store. */
  readonly scope: string;
}

const socketPath = "/gantt-sync";

/**
 * Addresses from the server's one: `https://plans.example.com`, `wss://plans.example.com/gantt-sync`, or relative to the page. A path before `/gantt-sync` is kept.
 * @throws ClientError `invalid_url`.
 */
export function addressesOf(url: string, project: string, baseUrl: string | undefined): Addresses {
  let at: URL;
  try {
    at = new URL(url, baseUrl);
  } catch (cause) {
    throw new ClientError(
      "invalid_url",
      "fix",
      `"${url}" is no address of a server. Write https://host, wss://host/gantt-sync, or a path of this page's server.`,
      {},
      cause,
    );
  }
  if (!/^(?:https?|wss?):$/.test(at.protocol)) throw new ClientError("invalid_url", "fix", `"${url}" must begin with https:, http:, wss: or ws:.`);
  const secure = at.protocol === "https:" || at.protocol === "wss:";
  const folder = at.pathname.replace(/\/+$/, "").replace(new RegExp(`${socketPath}$`), "");
  const socket = new URL(at);
  socket.protocol = secure ? "wss:" : "ws:";
  socket.pathname = folder + socketPath;
  socket.hash = "";
  socket.searchParams.set("project", project);
  const http = `${secure ? "https:" : "http:"}//${at.host}${folder}`;
  return {
    socket: socket.href,
    snapshot: `${http}/api/projects/${encodeURIComponent(project)}`,
    session: `${http}/api/session`,
    scope: `${encodeURIComponent(at.host + folder)}/${encodeURIComponent(project)}/`,
  };
}
