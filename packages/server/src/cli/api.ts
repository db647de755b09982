import type { FastifyInstance, InjectOptions } from "fastify";
import { bad } from "../config.ts";
import { type Action, type ErrorBody, ServerError } from "../errors.ts";
import { buildApp } from "../http/app.ts";
import { ProjectSyncServer } from "../projectSyncServer.ts";
import type { Call, Option } from "./command.ts";
import { type OpenStore, openStore, type StoreUse } from "./openStore.ts";

/** The HTTP interface, of a running server or of one in this process that listens nowhere: the commands are the same to both, and so are the rules. */
export interface Api {
  /** @throws ServerError as the interface refused. */
  call(method: "GET" | "POST" | "DELETE", path: string, body?: { readonly type: string; readonly bytes: Buffer }): Promise<Buffer>;
  json<T>(method: "GET" | "POST" | "DELETE", path: string, body?: { readonly type: string; readonly bytes: Buffer }): Promise<T>;
  close(): Promise<void>;
}

/** The options of every command that may ask a running server. */
export const apiOptions: readonly Option[] = [
  { name: "url", hint: "URL", about: "a running server to ask, in place of opening its database (LIVEGANTT_URL)" },
  { name: "token", hint: "TOKEN", about: "access token for that server (LIVEGANTT_TOKEN)" },
];
export const apiSettings = ["data", "database", "database-file", "limits"] as const;

/** The server of `--url`, or the database of the settings opened here. */
export async function openApi(call: Call, use: StoreUse): Promise<Api> {
  const url = call.option("url") ?? (call.env.LIVEGANTT_URL || undefined);
  if (url !== undefined) return remote(url, call.option("token") ?? (call.env.LIVEGANTT_TOKEN || undefined));
  const opened = await openStore(call.config, use);
  const sync = new ProjectSyncServer({ store: opened.store, limits: call.config.limits });
  return local(opened, await buildApp(sync, {}), sync);
}

function local({ store }: OpenStore, app: FastifyInstance, sync: ProjectSyncServer): Api {
  return api(
    async (method, path, body) => {
      const request: InjectOptions = { method, url: path, ...(body && { headers: { "content-type": body.type }, payload: body.bytes }) };
      const { statusCode, rawPayload } = await app.inject(request);
      return { status: statusCode, bytes: rawPayload };
    },
    async () => {
      await sync.close();
      await app.close();
      await store.close();
    },
  );
}

function remote(url: string, token: string | undefined): Api {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw bad(`url "${url}"`, "is no address such as https://plans.example.com.");
  const base = url.replace(/\/+$/, "");
  return api(
    async (method, path, body) => {
      const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body && { "content-type": body.type }) };
      try {
        const response = await fetch(base + path, { method, headers, ...(body && { body: new Uint8Array(body.bytes) }) });
        return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
      } catch (cause) {
        const reason = (cause as { cause?: Error }).cause?.message || (cause as Error).message;
        throw new ServerError("server_unreachable", "retry", `The server ${base} does not answer: ${reason}.`, { cause });
      }
    },
    async () => {},
  );
}

type Ask = (
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: { readonly type: string; readonly bytes: Buffer },
) => Promise<{ readonly status: number; readonly bytes: Buffer }>;

function api(ask: Ask, close: () => Promise<void>): Api {
  const call: Api["call"] = async (method, path, body) => {
    const { status, bytes } = await ask(method, path, body);
    if (status >= 400) throw refusalOf(status, bytes);
    return bytes;
  };
  return { call, json: async (...request) => JSON.parse(String(await call(...request))), close };
}

function refusalOf(status: number, bytes: Buffer): ServerError {
  const { error } = parsed(bytes);
  if (!error) return new ServerError("bad_answer", "fix", `The server answered ${status} and gave no reason. Is this the address of a livegantt server?`);
  const { code, message, path, problems } = error;
  const listed = problems?.slice(0, 20).map((problem) => `\n  ${problem.path ?? ""} ${problem.message}`) ?? [];
  return new ServerError(code, error.action as Action, message + listed.join(""), { status, ...(path !== undefined && { path }), problems });
}

function parsed(bytes: Buffer): { readonly error?: ErrorBody } {
  try {
    return JSON.parse(String(bytes));
  } catch {
    return {};
  }
}
