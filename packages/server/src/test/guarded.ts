import { SignJWT } from "jose";
import { Probe, request, startServer } from "./harness.ts";

export const secret = "0123456789abcdef0123456789abcdef";

export const sign = (claims: Record<string, unknown>, { key = secret, expires = "1h" }: { key?: string; expires?: string | number } = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setExpirationTime(expires).sign(new TextEncoder().encode(key));

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** A guarded server with one project that the admin made. */
export async function guarded(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer({ auth: { secret }, ...options });
  return { ...server, ...(await oneProject(server.url)) };
}

/** A project on a server that takes tokens of `secret`, and who may do what with it. */
export async function oneProject(url: string) {
  const admin = await sign({ sub: "root", name: "Root", projects: { "*": "admin" } });
  const { body } = await request(`${url}/api/projects`, "POST", { plan: { tasks: [{ id: "a", name: "A" }] } }, bearer(admin));
  const id: string = body.id;
  const at = `${url}/api/projects/${id}`;
  return {
    id,
    admin,
    at,
    token: (role: string, sub = role) => sign({ sub, name: `The ${role}`, projects: { [id]: role } }),
    /** A share link, made by the admin. */
    async share(role: string, more: Record<string, unknown> = {}): Promise<{ readonly id: string; readonly token: string; readonly path: string }> {
      const made = await request(`${at}/links`, "POST", { role, ...more }, bearer(admin));
      if (made.status !== 201) throw new Error(`sharing answered ${made.status}: ${JSON.stringify(made.body)}`);
      return made.body;
    },
    revoke: (link: string) => request(`${at}/links/${link}`, "DELETE", undefined, bearer(admin)),
  };
}

/** What a browser gets for a link's token: the answer, and the cookie to send from then on. */
export async function exchange(url: string, link: string, { cookie, session }: { readonly cookie?: string; readonly session?: string } = {}) {
  const body = { link, ...(session !== undefined && { session }) };
  const answer = await request(`${url}/api/session`, "POST", body, cookie === undefined ? {} : { cookie });
  const set = answer.headers.get("set-cookie") ?? "";
  return { ...answer, set, cookie: set.split(";")[0] ?? "" };
}

/** A socket that says hello with a token, or with the cookies of its upgrade. */
export async function enter(
  url: string,
  id: string,
  { token, cookie, ...hello }: { readonly token?: string; readonly cookie?: string; readonly clientId?: string } = {},
) {
  const probe = new Probe(url, id, cookie === undefined ? {} : { cookie });
  await probe.open();
  probe.send({ type: "hello", protocol: 1, user: { name: "Probe" }, ...hello, ...(token !== undefined && { token }) });
  return probe;
}
