import type { FastifyInstance, FastifySchema, RouteOptions } from "fastify";
import { accountCookie, linkCookie } from "../auth/cookies.ts";

interface Described extends FastifySchema {
  readonly tags?: readonly string[];
  readonly summary?: string;
}

/** What a route is for, beside the schemas that check its input. Routes without it are not in the document. */
export const described = (tag: string, summary: string, schema: FastifySchema = {}): FastifySchema => ({ ...schema, tags: [tag], summary }) as Described;

type Schema = { readonly properties?: Readonly<Record<string, object>>; readonly required?: readonly string[] };

const errorSchema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "action"],
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        action: { enum: ["retry", "backoff", "fix", "reauth", "upgrade", "fatal"] },
        path: { type: "string" },
        retryAfterMs: { type: "number" },
        problems: { type: "array", items: { type: "object" } },
      },
    },
  },
};

/** Any one of them; without a secret none is needed. */
const securitySchemes = {
  bearer: { type: "http", scheme: "bearer" },
  account: { type: "apiKey", in: "cookie", name: accountCookie },
  shareLink: { type: "apiKey", in: "cookie", name: linkCookie },
};

/** `/api/openapi.json`, read off the schemas that the routes themselves check with. Call before the routes are added. */
export function describeRoutes(app: FastifyInstance): void {
  const paths: Record<string, Record<string, unknown>> = {};
  app.addHook("onRoute", ({ method, url, schema: given }: RouteOptions) => {
    const schema = given as Described | undefined;
    if (schema?.summary === undefined) return;
    const path = url.replace(/:(\w+)/g, "{$1}");
    for (const name of [method].flat()) {
      if (name === "HEAD") continue;
      paths[path] = {
        ...paths[path],
        [name.toLowerCase()]: operation(schema.tags, schema.summary, schema.params as Schema, schema.querystring as Schema, schema.body as Schema),
      };
    }
  });
  app.get("/api/openapi.json", async () => ({
    openapi: "3.1.0",
    info: { title: "livegantt", version: "1", description: "Live Gantt projects over HTTP. Edits come faster over the WebSocket at /gantt-sync." },
    components: { schemas: { Error: errorSchema }, securitySchemes },
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    paths,
  }));
}

function operation(tags: readonly string[] | undefined, summary: string | undefined, params?: Schema, query?: Schema, body?: Schema): object {
  const listed = (schema: Schema | undefined, where: "path" | "query") =>
    Object.entries(schema?.properties ?? {}).map(([name, of]) => ({ name, in: where, required: schema?.required?.includes(name) ?? false, schema: of }));
  return {
    tags,
    summary,
    parameters: [...listed(params, "path"), ...listed(query, "query")],
    ...(body && { requestBody: { content: { "application/json": { schema: body } } } }),
    responses: {
      "2XX": { description: "Done" },
      default: { description: "Refused", content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } },
    },
  };
}
