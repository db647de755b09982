import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../model/json.ts";
import { clientMessageSchemas, serverMessageSchemas } from "./messages.ts";
import { clientMessageParser } from "./parse.ts";
import { protocolVersion, schemaHash } from "./version.ts";

type Message = { readonly type: string };
const parse = clientMessageParser();
const golden = (version: number): { readonly client: readonly Message[]; readonly server: readonly Message[] } =>
  JSON.parse(readFileSync(new URL(`./golden/${version}.json`, import.meta.url), "utf8"));
const versions = Array.from({ length: protocolVersion }, (_, i) => i + 1);

describe("the wire protocol", () => {
  it("W6 no schema changes without a new version", () => {
    const hash = createHash("sha256").update(canonicalJson({ clientMessageSchemas, serverMessageSchemas })).digest("hex").slice(0, 16);
    expect(
      schemaHash,
      `The message schemas have changed. In packages/core/src/protocol/version.ts raise protocolVersion, describe the version, and set schemaHash to "${hash}"; then write its messages to golden/.`,
    ).toBe(hash);
  });

  it.each(versions)("W6 what a client of version %i sent is still understood", (version) => {
    for (const message of golden(version).client) expect(parse(message)).toEqual({ ok: true, message });
  });

  it.each(versions)("W6 what a server of version %i sent is still understood", (version) => {
    for (const message of golden(version).server) {
      const schema = serverMessageSchemas[message.type as keyof typeof serverMessageSchemas];
      expect([...Value.Errors(schema, message)], JSON.stringify(message)).toEqual([]);
    }
  });

  it("W6 the newest golden messages are of every type", () => {
    const { client, server } = golden(protocolVersion);
    expect(new Set(client.map(({ type }) => type))).toEqual(new Set(Object.keys(clientMessageSchemas)));
    expect(new Set(server.map(({ type }) => type))).toEqual(new Set(Object.keys(serverMessageSchemas)));
  });
});

describe("the parser of client messages", () => {
  const edit = { type: "changes", revision: 3, baseRevision: 0, payload: { tasks: { updated: [{ id: "x", changes: {} }] } } };

  it("W6 ignores unknown keys of the envelope", () => {
    expect(parse({ ...edit, future: true })).toMatchObject({ ok: true });
  });

  it.each([
    ["an unknown collection", { ...edit, payload: { tusks: {} } }, "payload.tusks"],
    ["an unknown part", { ...edit, payload: { tasks: { moved: [] } } }, "payload.tasks.moved"],
    ["a list that is none", { ...edit, payload: { tasks: { updated: {} } } }, "payload.tasks.updated"],
    ["an id that is none", { ...edit, payload: { tasks: { removed: [{ id: 5 }] } } }, "payload.tasks.removed.0.id"],
    ["a base that is none", { ...edit, baseRevision: -1 }, "baseRevision"],
    ["an added project", { ...edit, payload: { project: { added: [], updated: [] } } }, "payload.project.added"],
  ])("W3 refuses %s with its path and the number that it uses up", (_, message, path) => {
    expect(parse(message)).toMatchObject({ ok: false, error: { code: "bad_message", path, clientRevision: 3 } });
  });

  it.each([[0], [-1], [1.5], ["3"], [null]])("W3 names no number where %j is given for it", (revision) => {
    const parsed = parse({ ...edit, revision });
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok || "clientRevision" in parsed.error).toBe(false);
  });

  it.each([
    [null],
    [[]],
    ["hello"],
    [5],
    [{}],
    [{ type: 5 }],
    [{ type: { toString: [] } }],
    [{ type: "__proto__" }],
    [{ type: "constructor" }],
    [{ type: "x".repeat(100_000) }],
  ])("Q8 %# answers what is no message of this protocol shortly", (json) => {
    const parsed = parse(json);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed).length).toBeLessThan(400);
  });

  it("Q8 never throws, whatever JSON arrives", () => {
    const types = Object.keys(clientMessageSchemas);
    fc.assert(
      fc.property(fc.option(fc.constantFrom(...types)), fc.jsonValue({ maxDepth: 6 }), fc.jsonValue({ maxDepth: 6 }), (type, payload, more) => {
        const envelope = typeof more === "object" && more !== null && !Array.isArray(more) ? more : { revision: more };
        const parsed = parse(JSON.parse(JSON.stringify(type === null ? payload : { ...envelope, type, payload })));
        if (!parsed.ok) expect(parsed.error.message.length).toBeLessThan(500);
      }),
      { numRuns: 2000 },
    );
  });

  it("Q8 one damaged value in a sound message is either harmless or named", () => {
    const sound = golden(protocolVersion).client;
    const places = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
      typeof value === "object" && value !== null ? [path, ...Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]))] : [path];
    fc.assert(
      fc.property(fc.constantFrom(...sound), fc.nat(), fc.jsonValue({ maxDepth: 2 }), (message, n, damage) => {
        const copy = JSON.parse(JSON.stringify({ message })) as Record<string, unknown>;
        const all = places(message);
        const path = ["message", ...(all[n % all.length] as readonly string[])];
        let at = copy;
        for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
        at[path.at(-1) as string] = damage;
        const parsed = parse(copy.message);
        if (!parsed.ok) expect(parsed.error.code).toMatch(/^(bad_message|unknown_type)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
