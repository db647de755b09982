import { PlanError } from "@livegantt/core";
import { FileError } from "@livegantt/files";
import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import { ServerError, storageUnavailable } from "../errors.ts";
import { StoreError } from "../interfaces/store.ts";

const maxProblems = 1_000;

/** Any error as the one shape that clients see: `{ error: { code, message, action, path? } }`. Unexpected ones say nothing of their inside. */
export function toServerError(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  if (error instanceof PlanError) {
    const problems = error.problems.slice(0, maxProblems);
    return new ServerError("invalid_plan", "fix", `The plan was not taken over: ${error.message}.`, { status: 422, problems });
  }
  if (error instanceof FileError) {
    const where = error.line === undefined ? {} : { path: `line ${error.line}` };
    return new ServerError(error.code, "fix", error.message, {
      status: error.code === "too_large" ? 413 : 422,
      ...where,
      ...(error.path !== undefined && { path: error.path }),
    });
  }
  if (error instanceof StoreError && error.code !== "corrupt") return storageUnavailable(error);
  return (
    fromFastify(error as FastifyError) ??
    new ServerError("internal_error", "retry", "The server could not do this. The fault is logged.", { status: 500, cause: error })
  );
}

function fromFastify({ code, statusCode, message, validation }: FastifyError): ServerError | undefined {
  if (validation) {
    const first = validation[0];
    return new ServerError("invalid_request", "fix", message, { status: 400, path: first?.instancePath.slice(1).replaceAll("/", ".") ?? "" });
  }
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ServerError("body_too_large", "fix", "The body is over the limit (importBytes).", { status: 413 });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ServerError("unsupported_media_type", "fix", "Send JSON with content-type application/json.", { status: 415 });
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new ServerError("invalid_json", "fix", "The body is empty; a JSON object is expected.", { status: 400 });
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? new ServerError("invalid_request", "fix", message, { status: statusCode })
        : undefined;
  }
}

/** D9: which project, and what was asked of it. */
function place({ method, params, routeOptions }: FastifyRequest): object {
  const { id } = (params ?? {}) as { id?: string };
  return { ...(id !== undefined && { project: id }), method, route: routeOptions.url };
}

export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const known = toServerError(error);
    if (known.status >= 500) request.log.error({ err: known.cause ?? error, ...place(request) }, "request failed");
    if (known.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(known.retryAfterMs / 1000));
    return reply.code(known.status).send({ error: known.body() });
  });
}
