import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { type ClientMessage, clientMessageSchemas } from "./messages.ts";

export type Parsed =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string; readonly path?: string; readonly clientRevision?: number } };

/** Checks one schema; a server passes a compiling one, browsers under a strict content policy the interpreting default. */
export type MakeCheck = (schema: TSchema) => (value: unknown) => boolean;
const interpret: MakeCheck = (schema) => (value) => Value.Check(schema, value);

/** A parser of client messages. Unknown keys of the envelope are ignored; what is malformed comes back as a coded error with the path of its first fault. */
export function clientMessageParser(make: MakeCheck = interpret): (json: unknown) => Parsed {
  const checks = new Map<string, { readonly schema: TSchema; readonly check: (value: unknown) => boolean }>(
    Object.entries(clientMessageSchemas).map(([type, schema]) => [type, { schema, check: make(schema) }]),
  );
  return (json) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) return fault("bad_message", "a message is a JSON object with a type");
    const { type, revision } = json as { readonly type?: unknown; readonly revision?: unknown };
    const known = typeof type === "string" ? checks.get(type) : undefined;
    const named = typeof type === "string" ? JSON.stringify(type.slice(0, 40)) : `(${typeof type})`;
    if (!known) return fault("unknown_type", `unknown message type ${named}; there are ${[...checks.keys()].join(", ")}`);
    if (known.check(json)) return { ok: true, message: json as ClientMessage };
    const first = Value.Errors(known.schema, json).First();
    const path = first?.path.slice(1).replaceAll("/", ".").slice(0, 200);
    const numbered = Number.isSafeInteger(revision) && (revision as number) > 0 ? { clientRevision: revision as number } : {};
    return fault("bad_message", `${type}: ${first?.message ?? "malformed"}${path ? ` at ${path}` : ""}`, { ...(path ? { path } : {}), ...numbered });
  };
}

function fault(code: string, message: string, more: { readonly path?: string; readonly clientRevision?: number } = {}): Parsed {
  return { ok: false, error: { code, message, ...more } };
}
