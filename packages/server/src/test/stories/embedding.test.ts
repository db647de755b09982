import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import type { Person } from "../../embedding/session.ts";
import { ServerError } from "../../errors.ts";
import type { NewProject } from "../../http/createProject.ts";
import { createServer } from "../../server.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder, twoTasks } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";

const house: NewProject = { name: "House", plan: twoTasks };
/** A promise and the hand that lets it go. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { opened, open: () => open() };
}

describe("D11 loadProject", () => {
  it("D11 a project that only the product knows is made of its plan at the first opening, over socket and HTTP", async () => {
    const asked: string[] = [];
    const { url, sync } = await startServer({
      loadProject: (id) => {
        asked.push(id);
        return id.startsWith("house") ? house : undefined;
      },
    });
    const ada = await Probe.join(url, "house-1");
    expect((ada.seen[0] as { payload: { project: unknown } }).payload.project).toMatchObject({ revision: 0, tasks: [{ id: "a" }, { id: "b" }] });
    expect((await request(`${url}/api/projects/house-2`)).body).toMatchObject({ project: { id: "house-2", name: "House" } });
    await ada.change(rename("a", "Dig"));
    await sync.rooms.unloadIdle(-1);
    expect((await request(`${url}/api/projects/house-1`)).body.tasks[0].name).toBe("Dig");
    expect(asked).toEqual(["house-1", "house-2"]);
  });

  it("D11 people who open it at the same moment wait for one making", async () => {
    const wait = gate();
    const load = vi.fn(() => wait.opened.then(() => house));
    const { url } = await startServer({ loadProject: load });
    const first = Array.from({ length: 5 }, () => Probe.join(url, "house"));
    const reading = request(`${url}/api/projects/house`);
    wait.open();
    const probes = await Promise.all(first);
    expect((await reading).status).toBe(200);
    expect(load).toHaveBeenCalledTimes(1);
    const epochs = new Set(probes.map((probe) => (probe.seen[0] as { payload: { epoch: string } }).payload.epoch));
    expect(epochs.size).toBe(1);
  });

  it.skipIf(!hasPostgres)("D11 two servers that open it at the same moment make it once", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    const wait = gate();
    let waiting = 0;
    const loadProject = async () => {
      if (++waiting === 2) wait.open();
      await wait.opened;
      return house;
    };
    const [north, south] = [await startServer({ database, loadProject }), await startServer({ database, loadProject })];
    const [ada, bob] = await Promise.all([Probe.join(north.url, "house"), Probe.join(south.url, "house")]);
    expect(waiting).toBe(2);
    await ada.change(rename("a", "Dig"));
    expect(await bob.next("changes")).toMatchObject({ revision: 1 });
  });

  it("D11 what the product does not know, and ids that are none, are no project; it is not asked for impossible ids", async () => {
    const load = vi.fn(() => undefined);
    const { url } = await startServer({ loadProject: load });
    expect(await request(`${url}/api/projects/nowhere`)).toMatchObject({ status: 404, body: { error: { code: "project_not_found" } } });
    for (const id of ["", "x".repeat(65)]) {
      const probe = new Probe(url, id);
      await probe.open();
      probe.send({ type: "hello", protocol: 1 });
      expect(await probe.closed()).toMatchObject({ code: 4404, error: { code: "project_not_found" } });
    }
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("D11 a product that fails is asked again at the next opening, and its reason stays inside; what it says as a ServerError is told", async () => {
    const answers: (() => NewProject)[] = [
      () => {
        throw new Error("password of the database is wrong");
      },
      () => {
        throw new ServerError("trial_over", "fatal", "The trial of this company has ended.");
      },
      () => house,
    ];
    const { url } = await startServer({ loadProject: async () => (answers.shift() as () => NewProject)() });
    const first = new Probe(url, "house");
    await first.open();
    first.send({ type: "hello", protocol: 1 });
    expect(await first.closed()).toMatchObject({ code: 4503, error: { code: "project_source_failed", action: "retry", retryAfterMs: 2_000 } });
    expect(JSON.stringify(first.seen)).not.toContain("password");
    expect((await request(`${url}/api/projects/house`)).body).toMatchObject({ error: { code: "trial_over", message: expect.stringContaining("trial") } });
    expect((await request(`${url}/api/projects/house`)).status).toBe(200);
  });

  it("D11 a product that does not answer in time is refused with the limit, and asked again", async () => {
    const answers = [new Promise<NewProject>(() => {}), Promise.resolve(house)];
    const { url } = await startServer({ limits: { loadSeconds: 0.05 }, loadProject: () => answers.shift() });
    expect(await request(`${url}/api/projects/house`)).toMatchObject({ status: 503, body: { error: { code: "project_source_failed", action: "retry" } } });
    expect((await request(`${url}/api/projects/house`)).status).toBe(200);
  });

  it("D11 the plan is judged by the same laws and limits as any other, every reason is told, and nothing is made", async () => {
    const loop = {
      ...twoTasks,
      dependencies: [
        { id: "1", fromTask: "a", toTask: "b" },
        { id: "2", fromTask: "b", toTask: "a" },
      ],
    };
    const { url, sync } = await startServer({ limits: { tasks: 2 }, loadProject: (id) => ({ plan: id === "loop" ? loop : { tasks: [{}, {}, {}] } }) });
    const refused = await request(`${url}/api/projects/loop`);
    expect(refused).toMatchObject({ status: 422, body: { error: { code: "project_source_invalid", action: "fatal" } } });
    expect(refused.body.error.problems.length).toBeGreaterThan(0);
    const large = new Probe(url, "large");
    await large.open();
    large.send({ type: "hello", protocol: 1 });
    expect(await large.closed()).toMatchObject({ code: 4404, error: { code: "project_source_invalid", message: expect.stringContaining("2") } });
    expect(await sync.store.projects()).toEqual([]);
  });

  it("D11 access comes first: nobody learns through loadProject what they may not see", async () => {
    const load = vi.fn(() => house);
    const authorize = async () => {
      throw new ServerError("not_allowed", "fatal", "No.");
    };
    const { url } = await startServer({ authorize, loadProject: load });
    expect((await request(`${url}/api/projects/house`)).status).toBe(403);
    expect(load).not.toHaveBeenCalled();
  });

  it("a project that was erased here begins anew with what the product has; an archived one stays archived", async () => {
    const { url } = await startServer({ loadProject: () => house });
    const ada = await Probe.join(url, "house");
    await ada.change(rename("a", "Dig"));
    await request(`${url}/api/projects/house?purge=true`, "DELETE");
    expect((await request(`${url}/api/projects/house`)).body).toMatchObject({ revision: 0, tasks: [{ name: "A" }, { name: "B" }] });
    await request(`${url}/api/projects/house`, "DELETE");
    expect((await request(`${url}/api/projects/house`)).body.error.code).toBe("project_archived");
  });
});

const people: Record<string, Person> = {
  ann: { sub: "u1", name: "Ann", roleIn: (project) => (project === null ? "viewer" : "editor") },
  ben: { sub: "u2", name: "Ben", roleIn: async (project) => (project === "open" ? "viewer" : undefined) },
};
const authenticate = ({ headers }: IncomingMessage): Person | undefined => people[/session=(\w+)/.exec(headers.cookie ?? "")?.[1] ?? ""];

describe("D11 authenticate", () => {
  it("D11 the product's session says who somebody is, on sockets and over HTTP, and its roles count", async () => {
    const { url } = await startServer({ authenticate, loadProject: () => house });
    const as = (name: string) => ({ cookie: `session=${name}` });
    const ann = new Probe(url, "open", as("ann"));
    await ann.open();
    expect(await ann.hello({ user: { name: "somebody else" } })).toMatchObject({ payload: { role: "editor", users: [{ name: "Ann" }] } });
    expect((await ann.change(rename("a", "Dig"))).type).toBe("ack");
    const ben = new Probe(url, "open", as("ben"));
    await ben.open();
    expect((await ben.hello()).payload.role).toBe("viewer");
    expect(await ben.change(rename("a", "Mine"))).toMatchObject({ payload: { code: "not_allowed" } });
    expect(await request(`${url}/api/projects/house`, "GET", undefined, as("ben"))).toMatchObject({ status: 403 });
    expect(await request(`${url}/api/projects/open`, "GET", undefined, as("ben"))).toMatchObject({ status: 200 });
    const listed = async (name: string) => (await request(`${url}/api/projects`, "GET", undefined, as(name))).body.projects;
    expect(await listed("ben")).toMatchObject([{ id: "open" }]);
    expect(await request(`${url}/api/projects`, "POST", { name: "New" }, as("ann"))).toMatchObject({ status: 403 });
  });

  it("D11 nobody's session is asked to log in", async () => {
    const { url } = await startServer({ authenticate, loadProject: () => house });
    expect(await request(`${url}/api/projects/open`)).toMatchObject({ status: 401, body: { error: { code: "not_logged_in", action: "reauth" } } });
    const probe = new Probe(url, "open");
    await probe.open();
    probe.send({ type: "hello", protocol: 1 });
    expect(await probe.closed()).toMatchObject({ code: 4401, error: { code: "not_logged_in" } });
  });

  it("D11 a request that brings an access token is left to the tokens, where there are some", async () => {
    const secret = "0123456789abcdef0123456789abcdef";
    const token = await new SignJWT({ sub: "robot", projects: { open: "admin" } }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
    const { url } = await startServer({ authenticate, auth: { secret }, loadProject: () => house });
    const at = `${url}/api/projects/open`;
    expect((await request(at, "GET", undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await request(at, "GET", undefined, { authorization: "Bearer x.y.z", cookie: "session=ann" })).status).toBe(401);
    expect((await request(at, "GET", undefined, { cookie: "session=ann" })).status).toBe(200);
  });

  it("D11 a session that ends takes its connections along, and so does a role that is taken away", async () => {
    let role: "editor" | undefined = "editor";
    const sessions = new Map<string, Person>([["session=ann", { sub: "u1", name: "Ann", roleIn: () => role }]]);
    const clock = { ahead: 0 };
    const { url, sync } = await startServer({
      authenticate: ({ headers }) => sessions.get(headers.cookie ?? ""),
      loadProject: () => house,
      clock: () => Date.now() + clock.ahead,
    });
    const open = async () => {
      const probe = new Probe(url, "house", { cookie: "session=ann" });
      await probe.open();
      await probe.hello();
      return probe;
    };
    const first = await open();
    role = undefined;
    clock.ahead += 4_000;
    await sync.checkAccess();
    expect(await first.closed()).toMatchObject({ code: 4403, error: { code: "not_allowed" } });
    role = "editor";
    const second = await open();
    sessions.clear();
    clock.ahead += 4_000;
    await sync.checkAccess();
    expect(await second.closed()).toMatchObject({ code: 4401, error: { code: "not_logged_in" } });
  });

  it("authenticate and authorize together are refused, since each decides alone", async () => {
    await expect(createServer({ port: 0, data: temporaryFolder(), authenticate, authorize: async () => ({ role: "admin" }) })).rejects.toMatchObject({
      code: "two_deciders",
    });
  });
});

describe("D10 inside a product's own HTTP server", () => {
  it("D10 sockets and the HTTP interface come in through it under a path, and nothing else is touched; no port of its own", async () => {
    const plans = await createServer({ listen: false, data: temporaryFolder() });
    const product = createHttpServer((incoming, outgoing) => {
      if (!incoming.url?.startsWith("/plans/")) {
        outgoing.end("my product");
        return;
      }
      incoming.url = incoming.url.slice("/plans".length);
      plans.handler(incoming, outgoing);
    });
    const detach = plans.attach(product, { path: "/plans/gantt-sync" });
    product.listen(0, "127.0.0.1");
    await once(product, "listening");
    const url = `http://127.0.0.1:${(product.address() as AddressInfo).port}`;
    expect(plans.url).toBe("");
    expect((await request(url)).body).toBe("my product");
    const id = await newProject(`${url}/plans`);
    const ann = await Probe.join(`${url}/plans`, id);
    expect((await ann.change(rename("a", "Dig"))).type).toBe("ack");
    expect((await request(`${url}/plans/api/projects/${id}`)).body.tasks[0].name).toBe("Dig");
    detach();
    product.closeAllConnections();
    product.close();
    await plans.close();
  });
});
