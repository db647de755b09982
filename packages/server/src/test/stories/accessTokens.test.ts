import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { bearer, enter, secret } from "../guarded.ts";
import { atEnd, newProject, rename, request, startServer } from "../harness.ts";

const claims = { sub: "ann", name: "Ann", projects: { "*": "admin" } };
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const soon = "1h";

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const;

async function keys() {
  const pairs = await Promise.all(algorithms.map((alg) => generateKeyPair(alg, { extractable: true })));
  const jwks = JSON.stringify({
    keys: await Promise.all(pairs.map(async ({ publicKey }, i) => ({ ...(await exportJWK(publicKey)), alg: algorithms[i], kid: `k${i}`, use: "sig" }))),
  });
  const sign = (i: number, more: Record<string, unknown> = {}) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: algorithms[i] as string, kid: `k${i}` })
      .setIssuer("https://id.example")
      .setAudience("plans")
      .setExpirationTime(soon)
      .sign((pairs[i] as { privateKey: CryptoKey }).privateKey);
  return { jwks, sign, pairs };
}

async function refused(url: string, token: string, code = "token_invalid"): Promise<void> {
  expect(await request(`${url}/api/projects`, "GET", undefined, bearer(token))).toMatchObject({ status: 401, body: { error: { code, action: "reauth" } } });
  expect(await request(`${url}/api/projects`, "GET", undefined, { cookie: `livegantt_session=${token}` })).toMatchObject({
    status: 401,
    body: { error: { code } },
  });
  const probe = await enter(url, "p", { token });
  expect(await probe.closed()).toMatchObject({ code: 4401, error: { code, action: "reauth" } });
}

describe("D6 access tokens of a key set", () => {
  it("D6 RS256, PS256, ES256 and EdDSA come in, over HTTP and socket", async () => {
    const { jwks, sign } = await keys();
    const { url } = await startServer({ auth: { jwks, issuer: "https://id.example", audience: "plans" } });
    for (const i of algorithms.keys()) {
      const token = await sign(i);
      const made = await request(`${url}/api/projects`, "POST", { plan: { tasks: [{ id: "a", name: "A" }] } }, bearer(token));
      expect(made.status).toBe(201);
      const probe = await enter(url, made.body.id, { token });
      expect((await probe.next("init")).payload.role).toBe("admin");
      expect((await probe.change(rename("a", "B"))).type).toBe("ack");
    }
  });

  it("D6 another audience or issuer, another key, a stranger's key in the header: all refused", async () => {
    const { jwks, pairs } = await keys();
    const { url } = await startServer({ auth: { jwks, issuer: "https://id.example", audience: "plans" } });
    const signer = () => new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k0" }).setExpirationTime(soon);
    const key = pairs[0]?.privateKey as CryptoKey;
    await refused(url, await signer().setIssuer("https://id.example").setAudience("mail").sign(key));
    await refused(url, await signer().setIssuer("https://evil.example").setAudience("plans").sign(key));
    await refused(url, await signer().setIssuer("https://id.example").sign(key));
    const stranger = await generateKeyPair("RS256", { extractable: true });
    await refused(url, await signer().setIssuer("https://id.example").setAudience("plans").sign(stranger.privateKey));
    const jwk = await exportJWK(stranger.publicKey);
    const brought = new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", jwk, jku: "https://evil.example/jwks" })
      .setIssuer("https://id.example")
      .setAudience("plans");
    await refused(url, await brought.setExpirationTime(soon).sign(stranger.privateKey));
  });

  it("D6 a public key is no secret: a token signed with it by HMAC is refused, with and without a secret beside the key set", async () => {
    const { jwks } = await keys();
    const publicText = JSON.stringify((JSON.parse(jwks) as { keys: object[] }).keys[0]);
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", kid: "k0" })
      .setExpirationTime(soon)
      .sign(new TextEncoder().encode(publicText));
    for (const auth of [{ jwks }, { jwks, secret }]) {
      const { url } = await startServer({ auth });
      await refused(url, confused);
      await refused(url, `${text({ alg: "none" })}.${text(claims)}.`);
      await refused(url, `${text({ alg: "nOnE", typ: "JWT" })}.${text(claims)}.AAAA`);
      await refused(url, `${text({ alg: "HS512" })}.${text(claims)}.AAAA`);
      await refused(url, `${text({ alg: "RS256", kid: "k99" })}.${text(claims)}.AAAA`);
      await refused(url, "a.b");
      await refused(url, "....");
    }
  });

  it("D6 keys are read from where they are kept; while that is away nobody is told that their token is wrong, and who is in stays", async () => {
    const { jwks, sign } = await keys();
    let away: "no" | "broken" | "closed" = "no";
    const provider = createHttpServer((_request, response) => {
      if (away === "closed") response.destroy();
      else response.writeHead(away === "no" ? 200 : 500, { "content-type": "application/json" }).end(away === "no" ? jwks : "oops");
    });
    await new Promise<void>((done) => provider.listen(0, "127.0.0.1", done));
    atEnd(() => provider.close());
    const auth = { jwks: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`, issuer: "https://id.example", audience: "plans" };
    const token = await sign(0);
    for (away of ["broken", "closed"] as const) {
      const { url } = await startServer({ auth });
      expect(await request(`${url}/api/projects`, "GET", undefined, bearer(token))).toMatchObject({
        status: 503,
        body: { error: { code: "keys_unavailable", action: "backoff", retryAfterMs: 2_000 } },
      });
      const probe = await enter(url, "p", { token });
      expect(await probe.closed()).toMatchObject({ code: 4429, error: { code: "keys_unavailable" } });
    }
    away = "no";
    const { url, sync } = await startServer({ auth });
    const id = (await request(`${url}/api/projects`, "POST", {}, bearer(token))).body.id;
    const probe = await enter(url, id, { token });
    await probe.next("init");
    away = "closed";
    await sync.checkAccess();
    expect((await request(`${url}/api/projects/${id}`, "GET", undefined, bearer(token))).status).toBe(200);
    expect(probe.closeCode).toBeUndefined();
  });

  it("D6 claims that were changed after signing, not yet valid or expired: refused", async () => {
    const { url } = await startServer({ auth: { secret } });
    const key = new TextEncoder().encode(secret);
    const signed = (more: (token: SignJWT) => SignJWT) =>
      more(new SignJWT({ ...claims, projects: {} }).setProtectedHeader({ alg: "HS256" }).setExpirationTime(soon)).sign(key);
    const [head, , signature] = (await signed((token) => token)).split(".");
    await refused(url, `${head}.${text(claims)}.${signature}`);
    await refused(url, await signed((token) => token.setNotBefore(Math.floor(Date.now() / 1000) + 3_600)));
    await refused(url, await signed((token) => token.setExpirationTime(Math.floor(Date.now() / 1000) - 60)), "token_expired");
  });

  it.each([
    ["no rights", {}],
    ["rights that are no object", { projects: "admin" }],
    ["a role that is none", { projects: { "*": "owner" } }],
    ["a role that is an object", { projects: { "*": { toString: "admin" } } }],
    ["inherited names", { projects: JSON.parse('{"__proto__":{"*":"admin"}}') as unknown }],
  ])("D6 a good token with %s may do nothing", async (_name, wrong) => {
    const { url } = await startServer({ auth: { secret } });
    const sign = (more: object) =>
      new SignJWT({ sub: "ann", ...more }).setProtectedHeader({ alg: "HS256" }).setExpirationTime(soon).sign(new TextEncoder().encode(secret));
    const { body } = await request(`${url}/api/projects`, "POST", {}, bearer(await sign(claims)));
    const token = await sign(wrong);
    expect((await request(`${url}/api/projects/${body.id}`, "GET", undefined, bearer(token))).status).toBe(403);
    expect((await request(`${url}/api/projects`, "GET", undefined, bearer(token))).body.projects).toEqual([]);
    expect((await request(`${url}/api/projects`, "POST", {}, bearer(token))).status).toBe(403);
    const probe = await enter(url, body.id, { token });
    expect(await probe.closed()).toMatchObject({ code: 4403, error: { code: "not_allowed", action: "fatal" } });
  });
});

describe("D6 the origin of a page", () => {
  it("D6 is the server's own or on the list, for HTTP and sockets, with and without a secret", async () => {
    const { Probe } = await import("../harness.ts");
    for (const options of [{}, { auth: { secret } }]) {
      const { url } = await startServer({ ...options, allowedOrigins: ["https://plans.example"] });
      const status = async (origin: string) => (await request(`${url}/healthz`, "GET", undefined, { origin })).status;
      expect(
        await Promise.all([url, "https://plans.example", "https://PLANS.example", "https://plans.example.evil", "null", "https://evil.example"].map(status)),
      ).toEqual([200, 200, 200, 403, 403, 403]);
      const allowed = await request(`${url}/api/openapi.json`, "GET", undefined, { origin: "https://plans.example" });
      expect(allowed.headers.get("access-control-allow-origin")).toBe("https://plans.example");
      const good = new Probe(url, "p", { origin: "https://plans.example" });
      await good.open();
      const bad = new Probe(url, "p", { origin: "https://evil.example" });
      await expect(bad.open()).rejects.toThrow(/403/);
    }
  });

  it("D6 without a secret another host name, as a page sends it that took over a name, is not answered", async () => {
    const { request: raw } = await import("node:http");
    const { url } = await startServer();
    await newProject(url);
    const status = await new Promise((done) =>
      raw(`${url}/api/projects`, { headers: { host: "rebound.example" } }, ({ statusCode }) => done(statusCode)).end(),
    );
    expect(status).toBe(403);
  });
});
