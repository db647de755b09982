import type { FastifyInstance } from "fastify";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { ServerError } from "../errors.ts";
import type { ProjectSyncServer } from "../projectSyncServer.ts";

/**
 * The page may load nothing from another host and run no script but its own. Styles may be inline: charts place their bars by style attributes.
 */
const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

const headers = {
  "content-security-policy": contentPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** Security headers, the same-origin rule, and the request rate of one address. */
export function secure(app: FastifyInstance, server: ProjectSyncServer): void {
  const rate = new RateLimiterMemory({ points: server.limits.requestsPerSecond, duration: 1 });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    const refusal = server.guard.refusalOf(request.raw);
    if (refusal) throw refusal;
    const { origin } = request.headers;
    if (origin !== undefined && server.guard.isAllowedOrigin(origin)) {
      reply.headers({
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "etag",
        vary: "origin",
      });
    }
    await rate.consume(request.ip).catch(({ msBeforeNext }: RateLimiterRes) => {
      const message = `More than ${server.limits.requestsPerSecond} requests a second (requestsPerSecond) came from your address.`;
      throw new ServerError("too_many_requests", "backoff", message, { retryAfterMs: msBeforeNext });
    });
  });
  app.options("/api/*", async (_request, reply) =>
    reply
      .code(204)
      .headers({
        "access-control-allow-methods": "GET, POST, DELETE",
        "access-control-allow-headers": "authorization, content-type, if-none-match",
        "access-control-max-age": "600",
      })
      .send(),
  );
}
