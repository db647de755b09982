import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { tokenAccess } from "../auth/tokens.ts";
import { bad } from "../config.ts";
import { type Role, roles } from "../interfaces/access.ts";
import type { Command } from "./command.ts";

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const defaultDuration = "12h";

export const token: Command = {
  operands: [],
  settings: ["secret", "secret-file", "issuer", "audience"],
  options: [
    { name: "sub", hint: "ID", about: "stable id of the person" },
    { name: "name", hint: "TEXT", about: "name to show" },
    {
      name: "project",
      hint: "ID=ROLE",
      about: `right to a project (${roles.join(", ")}); "*" stands for all and for creating them; may be repeated`,
      multiple: true,
    },
    { name: "expires", hint: "DURATION", about: `time until it ends, such as 30m, 12h or 7d (default ${defaultDuration})` },
  ],
  async run(call) {
    const { secret, issuer, audience } = call.config;
    if (secret === undefined) throw bad("livegantt token", "needs the server's secret: LIVEGANTT_SECRET, or --secret-file.");
    // Refuses a secret that the server would refuse.
    tokenAccess({ secret });
    const sub = call.option("sub");
    if (!sub) throw bad("livegantt token", "needs --sub, the id of the person: two tokens with one sub are one person.");
    const name = call.option("name");
    const projects = Object.fromEntries(call.list("project").map(granted));
    if (Object.keys(projects).length === 0) throw bad("livegantt token", 'needs at least one --project, such as --project "*=editor".');
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + seconds(call.option("expires") ?? defaultDuration);
    const claims = new SignJWT({ projects, ...(name !== undefined && { name }) })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(sub)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt);
    if (issuer !== undefined) claims.setIssuer(issuer);
    if (audience !== undefined) claims.setAudience(audience);
    const signed = await claims.sign(new TextEncoder().encode(secret));
    call.print({ token: signed, sub, projects, expiresAt: new Date(expiresAt * 1000).toISOString() }, [signed]);
    return 0;
  },
};

function granted(text: string): [string, Role] {
  const at = text.lastIndexOf("=");
  const role = roles.find((each) => each === text.slice(at + 1));
  if (at < 1 || !role) throw bad(`--project "${text}"`, `is no project and role, such as abc=editor. Roles: ${roles.join(", ")}.`);
  return [text.slice(0, at), role];
}

function seconds(text: string): number {
  const [, n, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const total = Number(n) * (units[unit ?? ""] ?? Number.NaN);
  if (!(total > 0)) throw bad(`--expires "${text}"`, "is no duration such as 30m, 12h or 7d.");
  return total;
}
