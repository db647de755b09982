import type { Duplex } from "node:stream";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { ServerError } from "../errors.ts";

/** Answers in HTTP where nothing else does it: before an upgrade, and to bytes that are no request. */
export function answerRaw(socket: Duplex, error: ServerError): void {
  const body = JSON.stringify({ error: error.body() });
  socket.end(
    `HTTP/1.1 ${error.status} Refused\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export const unreadableAddress = (): ServerError => new ServerError("bad_request", "fix", "The address of the request cannot be read.");

/** What the router refuses before any route or hook is asked. */
export function refusedByRouter({ code }: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const error =
    code === "FST_ERR_MAX_PARAM_LENGTH" ? new ServerError("bad_request", "fix", "A part of the address is too long.", { status: 414 }) : unreadableAddress();
  void reply.code(error.status).send({ error: error.body() });
}

/** What Node refuses before it is a request. */
export function refusedByParser(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (socket.destroyed || !socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new ServerError("headers_too_large", "fix", "The headers of the request are too large: they may have 16 KB.", { status: 431 })
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? new ServerError("request_timeout", "retry", "The request did not arrive in time. Send it again.", { status: 408 })
        : new ServerError("bad_request", "fix", "This is no valid HTTP request.");
  answerRaw(socket, refusal);
}

/** What is no valid WebSocket handshake. */
export function refusedHandshake(error: Error, socket: Duplex): void {
  answerRaw(socket, new ServerError("bad_request", "fix", `This is no valid WebSocket handshake: ${error.message}.`));
}
