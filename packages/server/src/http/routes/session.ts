import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accountCookie, cookieOf, linkCookie, sessionCookie } from "../../auth/cookies.ts";
import { sessionDays } from "../../auth/linkAccess.ts";
import { ServerError } from "../../errors.ts";
import type { Access } from "../../interfaces/access.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { described } from "../openapi.ts";

const Token = Type.String({ minLength: 1, maxLength: 3_800 });
const Open = Type.Object({
  link: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "token of a share link" })),
  session: Type.Optional(Type.String({ maxLength: 200, description: "with `link`: a session that the caller has already, which takes the link up" })),
  token: Type.Optional(Token),
});
const day = 86_400;

/** A token that came in the fragment of an address becomes a session: a cookie that no script reads, and for a share link also a token for programs. */
export function sessionRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.post<{ Body: Static<typeof Open> }>(
    "/api/session",
    {
      schema: described("access", "Exchange the token of a share link (`link`), or an access token (`token`), for a session cookie", { body: Open }),
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const { link, session, token } = request.body;
      if (link !== undefined && token === undefined) return byLink(server, request, reply, link, session);
      if (token !== undefined && link === undefined) return byToken(server, request, reply, token);
      throw new ServerError("invalid_request", "fix", 'Send either { "link": … } or { "token": … }.');
    },
  );

  app.delete("/api/session", { schema: described("access", "Forget the session cookies") }, async (request, reply) => {
    for (const name of [accountCookie, linkCookie]) setCookie(request, reply, name, "", 0);
    return reply.code(204).send();
  });
}

async function byLink(server: ProjectSyncServer, request: FastifyRequest, reply: FastifyReply, given: string, session: string | undefined) {
  const { link, token, sub, isNew } = await server.links.open(given, [session, cookieOf(request.raw, linkCookie)]);
  const { project, role, expiresAt } = link;
  if (isNew) await server.audit.record(project, "link.opened", { role, sub, link: link.id }, { link: link.id, role });
  setCookie(request, reply, linkCookie, token, sessionDays * day);
  return { project, role, expiresAt, sub, token };
}

/** @throws ServerError where the token is none, as everywhere. */
async function byToken(server: ProjectSyncServer, request: FastifyRequest, reply: FastifyReply, token: string) {
  if (server.links.made(token)) throw new ServerError("invalid_request", "fix", "That is the token of a share link: send it as `link`.", { path: "token" });
  const { name, sub, expiresAt = null } = await server.authorize(token, null, request.raw);
  const before = await signedIn(server, request);
  // A link that somebody made up must not put a person into another account unasked.
  if (before && before.sub !== sub) {
    const message = `You are signed in${before.name === undefined ? "" : ` as ${before.name}`}. Sign out first (DELETE /api/session).`;
    throw new ServerError("signed_in", "fix", message, { status: 409 });
  }
  const seconds = expiresAt === null ? sessionDays * day : (expiresAt - server.clock()) / 1000;
  if (server.guarded) setCookie(request, reply, accountCookie, token, seconds);
  return { name: name ?? null, expiresAt };
}

async function signedIn(server: ProjectSyncServer, request: FastifyRequest): Promise<Access | undefined> {
  const token = cookieOf(request.raw, accountCookie);
  if (token === undefined || !server.guarded) return undefined;
  try {
    return await server.authorize(token, null, request.raw);
  } catch (error) {
    if (error instanceof ServerError && (error.action === "reauth" || error.action === "fatal")) return undefined;
    throw error;
  }
}

function setCookie(request: FastifyRequest, reply: FastifyReply, name: string, value: string, seconds: number): void {
  // A proxy in front that ends TLS need not say so; the page's own address does.
  const secure = request.protocol === "https" || request.headers.origin?.startsWith("https:") === true;
  reply.header("set-cookie", sessionCookie(name, value, { seconds, secure }));
}
