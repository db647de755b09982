import { describe, expect, it } from "vitest";
import { bearer, guarded } from "../guarded.ts";
import { request } from "../harness.ts";

type Needs = "nothing" | "viewer" | "commenter" | "editor" | "admin" | "creator";

const change = { clientId: "CLIENT", revision: 1, baseRevision: 0, payload: { tasks: { updated: [{ id: "a", changes: { name: "B" } }] } } };

/** Every route with the role that it needs, and a request that it would take. A change needs a role by what it changes, so it is asked for apart. */
const routes: Readonly<Record<string, { readonly needs: Needs; readonly body?: unknown; readonly at?: string; readonly anonymous?: number }>> = {
  "GET /healthz": { needs: "nothing" },
  "GET /readyz": { needs: "nothing" },
  "GET /metrics": { needs: "nothing" },
  // Each sees the projects that are hers; without any right the list is refused.
  "GET /api/projects": { needs: "viewer" },
  "POST /api/projects": { needs: "creator", body: { name: "New" } },
  "GET /api/projects/{id}": { needs: "viewer" },
  "GET /api/project/{id}": { needs: "viewer" },
  "GET /api/projects/{id}/schedule": { needs: "viewer" },
  "GET /api/projects/{id}/history": { needs: "viewer" },
  "GET /api/projects/{id}/revisions/{revision}": { needs: "viewer", at: "/api/projects/{id}/revisions/0" },
  "GET /api/projects/{id}/versions": { needs: "viewer" },
  "GET /api/projects/{id}/export": { needs: "viewer", at: "/api/projects/{id}/export?format=json" },
  "POST /api/projects/{id}/changes": { needs: "editor", body: change },
  "POST /api/projects/{id}/revisions/{revision}/restore": { needs: "editor", at: "/api/projects/{id}/revisions/0/restore" },
  "POST /api/projects/{id}/versions": { needs: "editor", body: { name: "V" } },
  "POST /api/projects/{id}/duplicate": { needs: "creator", body: {} },
  "GET /api/projects/{id}/links": { needs: "admin" },
  "POST /api/projects/{id}/links": { needs: "admin", body: { role: "viewer" } },
  "DELETE /api/projects/{id}/links/{link}": { needs: "admin", at: "/api/projects/{id}/links/LINK" },
  "GET /api/projects/{id}/audit": { needs: "admin" },
  "DELETE /api/projects/{id}": { needs: "admin" },
  "POST /api/projects/{id}/unarchive": { needs: "admin", body: {} },
  // A session is what one comes in by.
  "POST /api/session": { needs: "nothing", body: { link: "TOKEN" } },
  "DELETE /api/session": { needs: "nothing" },
};

const order: readonly Needs[] = ["nothing", "viewer", "commenter", "editor", "admin", "creator"];

describe("D6 the role that each HTTP route needs", () => {
  it("D6 no route is missing in the table", async () => {
    const { url } = await guarded();
    const { paths } = (await request(`${url}/api/openapi.json`)).body as { paths: Record<string, Record<string, unknown>> };
    const all = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(all.sort()).toEqual(Object.keys(routes).sort());
  });

  it.each(Object.entries(routes))("D6 %s", async (route, { needs, body, at = route.split(" ")[1] ?? "" }) => {
    const { url, id, admin, token, share } = await guarded();
    const method = route.split(" ")[0] ?? "";
    const link = await share("viewer");
    const target = `${url}${at.replace("{id}", id).replace("LINK", link.id)}`;
    // A clientId belongs to whoever used it first.
    let clients = 0;
    const sent = () => body && JSON.parse(JSON.stringify(body).replace("TOKEN", link.token).replace("CLIENT", `c${++clients}`));
    const status = async (headers: Record<string, string>): Promise<number> => (await request(target, method, sent(), headers)).status;
    expect(await status({}), "nobody").toBe(needs === "nothing" ? expectedOf(method, route) : 401);
    const bearers: [Needs, string][] = [];
    for (const role of ["viewer", "commenter", "editor", "admin"] as const) bearers.push([role, await token(role)], [role, (await share(role)).token]);
    bearers.push(["creator", admin]);
    for (const [role, held] of bearers) {
      const may = order.indexOf(role) >= order.indexOf(needs);
      const got = await status(bearer(held));
      if (may) expect(got, `${role} ${held.slice(0, 4)}`).toBeLessThan(300);
      else expect(got, `${role} ${held.slice(0, 4)}`).toBe(403);
      // Whoever archived it needs it back for the next one.
      if (may && method === "DELETE" && route.endsWith("{id}")) await request(`${url}/api/projects/${id}/unarchive`, "POST", {}, bearer(admin));
    }
  });
});

const expectedOf = (method: string, route: string): number => (method === "DELETE" && route.endsWith("session") ? 204 : 200);
