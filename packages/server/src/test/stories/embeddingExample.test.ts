// The example in examples/express, run as a process of its own: its tables, its login, and a mirror that misses nothing.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type LiveProject, openProject } from "@livegantt/client";
import { beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { atEnd, request, temporaryFolder } from "../harness.ts";
import { buildServer } from "../serverProcess.ts";

const example = join(import.meta.dirname, "../../../../../examples/express");

class Product {
  readonly child: ChildProcess;
  output = "";
  url = "";

  private constructor(data: string) {
    this.child = spawn(process.execPath, [join(example, "server.mjs")], {
      env: { PATH: process.env.PATH ?? "", PORT: "0", PRODUCT_DATA: data },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stderr?.on("data", (chunk) => {
      this.output += chunk;
    });
    atEnd(() => this.child.kill("SIGKILL"));
  }

  static async start(data: string): Promise<Product> {
    const product = new Product(data);
    for await (const line of createInterface({ input: product.child.stdout as NodeJS.ReadableStream })) {
      product.url = /^The product is running: (\S+)$/.exec(line)?.[1] ?? "";
      if (product.url) return product;
    }
    throw new Error(`the product did not start: ${product.output}`);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const exit = once(this.child, "exit");
    this.child.kill(signal);
    await exit;
  }

  /** Logs in through the form; the session cookie. */
  async logIn(name: string, password = "plan"): Promise<string> {
    const answer = await fetch(`${this.url}/login`, { method: "POST", body: new URLSearchParams({ name, password }), redirect: "manual" });
    if (answer.status !== 303) throw new Error(`logging in answered ${answer.status}`);
    return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  }

  /** The client of a page that sends this cookie, as a browser does by itself. */
  open(cookie: string, project = "house"): LiveProject {
    class WithCookie extends WebSocket {
      constructor(address: string | URL) {
        super(address, { headers: { cookie } });
      }
    }
    const live = openProject({
      url: `${this.url}/plans`,
      project,
      WebSocket: WithCookie as never,
      fetch: (address, init) => fetch(address, { ...init, headers: { ...init?.headers, cookie } } as RequestInit),
      batchDelayMs: 0,
    });
    atEnd(() => live.destroy());
    return live;
  }

  async report(
    cookie: string,
  ): Promise<{ readonly revision: number | null; readonly tasks: readonly { id: string; name: string; changedBy: string | null }[] }> {
    return (await request(`${this.url}/projects/house/report`, "GET", undefined, { cookie })).body;
  }

  /** The report as soon as it is at a revision. */
  async mirrored(cookie: string, revision: number) {
    for (;;) {
      const report = await this.report(cookie);
      if ((report.revision ?? -1) >= revision) return report;
      await new Promise((done) => setImmediate(done));
    }
  }
}

beforeAll(() => {
  buildServer();
  if (!existsSync(join(example, "node_modules/express"))) execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: example, stdio: "pipe" });
}, 120_000);

describe("D11 the Express example", () => {
  it("D11 login, plan from its own tables, an edit by the real client, the mirrored row", async () => {
    const product = await Product.start(temporaryFolder());
    const { url } = product;
    expect((await request(`${url}/projects/house`)).status).toBe(401);
    expect((await request(`${url}/plans/api/projects/house`)).body.error).toMatchObject({ code: "not_logged_in", action: "reauth" });
    await expect(product.logIn("ann", "wrong")).rejects.toThrow("401");

    const ann = await product.logIn("ann");
    expect((await request(`${url}/projects/house`, "GET", undefined, { cookie: ann })).body).toContain('data-project="house" data-person="Ann"');
    const live = product.open(ann);
    await live.ready();
    expect(live.state.tasks.get("dig")).toMatchObject({ name: "Dig the trenches", parentId: "shell", duration: 3 });
    expect(live.schedule.tasks.get("pour")?.startDate).toBe("2026-03-05T08:00:00");
    live.update("tasks", "dig", { name: "Dig <deeper>" });
    await live.saved();
    const report = await product.mirrored(ann, live.revision);
    expect(report.tasks.find(({ id }) => id === "dig")).toMatchObject({ name: "Dig <deeper>", changedBy: "Ann", parent: "shell", duration: 3, unit: "day" });

    const ben = product.open(await product.logIn("ben"));
    await ben.ready();
    expect(ben.role).toBe("viewer");
    const cem = { cookie: await product.logIn("cem") };
    expect((await request(`${url}/plans/api/projects/house`, "GET", undefined, cem)).body.error.code).toBe("not_allowed");
    expect((await request(`${url}/projects/house`, "GET", undefined, cem)).status).toBe(404);
    await product.end("SIGTERM");
    expect(product.output).toBe("");
    expect(product.child.exitCode).toBe(0);
  }, 60_000);

  it("D11 kill -9 in the middle, three times: after the restart the mirror is complete, and each row is what the plan says", async () => {
    const data = temporaryFolder();
    let product = await Product.start(data);
    let ann = await product.logIn("ann");
    for (let round = 1; round <= 3; round++) {
      const live = product.open(ann);
      await live.ready();
      const add = (from: number, to: number) => {
        for (let i = from; i < to; i++) live.add("tasks", { id: `r${round}n${i}`, name: `Round ${round}, ${i}` });
      };
      add(0, 30);
      await live.saved();
      add(30, 60);
      // Some of these are on disk, some on their way, and the mirror is behind both.
      while (live.pendingCount > 15) await new Promise((done) => setImmediate(done));
      await product.end("SIGKILL");
      live.destroy();
      product = await Product.start(data);
      ann = await product.logIn("ann");
    }
    const plan = (await request(`${product.url}/plans/api/projects/house`, "GET", undefined, { cookie: ann })).body;
    expect(plan.revision).toBeGreaterThanOrEqual(90);
    const report = await product.mirrored(ann, plan.revision);
    const sorted = (rows: readonly { readonly id: string; readonly name: string }[]) => rows.map(({ id, name }) => `${id} ${name}`).sort();
    expect(report.revision).toBe(plan.revision);
    expect(sorted(report.tasks)).toEqual(sorted(plan.tasks));
    await product.end("SIGTERM");
  }, 120_000);
});
