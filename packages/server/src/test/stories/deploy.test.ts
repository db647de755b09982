import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settings } from "../../config.ts";
import { request, startServer } from "../harness.ts";

const root = join(import.meta.dirname, "../../../../..");
const deploy = join(root, "deploy");
const text = (path: string): string => readFileSync(join(deploy, path), "utf8");

/** Variables that the server reads. */
const variables: ReadonlySet<string> = new Set([...settings.map(({ env }) => env), "LIVEGANTT_CONFIG", "NODE_ENV"]);
const defaultPort = settings.find(({ name }) => name === "port")?.value as string;

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly expose?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly stop_grace_period?: string;
}
const compose = parse(text("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: object;
  readonly volumes: object;
};
const servers = Object.entries(compose.services).filter(([, { image }]) => image === "livegantt");

/** Instructions with their lines joined, as `[name, rest]`. */
const instructions = text("Dockerfile")
  .replace(/\\\n/g, " ")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"))
  .map((line) => [line.split(/\s/, 1)[0] as string, line.replace(/^\S+\s+/, "").replace(/\s+/g, " ")] as const);
const all = (name: string): string[] => instructions.filter(([each]) => each === name).map(([, rest]) => rest);

describe("D5 Dockerfile (checked as text: no engine runs here)", () => {
  it("D5 everything that is copied exists, or comes from a stage before", () => {
    const stages = all("FROM").flatMap((rest) => / AS (\w+)$/.exec(rest)?.[1] ?? []);
    for (const rest of all("COPY")) {
      const [, stage] = /^--from=(\w+)/.exec(rest) ?? [];
      const paths = rest
        .replace(/^--from=\w+ /, "")
        .split(" ")
        .slice(0, -1);
      if (stage === undefined) for (const path of paths) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
      else {
        expect(stages).toContain(stage);
        for (const path of paths) expect(path).toMatch(/^\/src\/(node_modules|packages\/(core|files|server)\/(package\.json|dist)|apps\/web\/dist)$/);
      }
    }
  });

  it("D5 npm finds the manifest of every workspace, and the image has what the server imports", () => {
    const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { workspaces: string[] };
    const copied = all("COPY").join("\n");
    for (const workspace of workspaces) expect(copied).toContain(`${workspace}/package.json ${workspace}/`);
    const { dependencies, bin } = JSON.parse(readFileSync(join(root, "packages/server/package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      bin: Record<string, string>;
    };
    for (const name of [...Object.keys(dependencies).filter((each) => each.startsWith("@livegantt/")), "@livegantt/server"]) {
      const folder = name.replace("@livegantt/", "packages/");
      for (const part of ["package.json", "dist"]) expect(copied).toContain(`/src/${folder}/${part}`);
    }
    expect(text("Dockerfile")).toContain(join("/app/packages/server", bin.livegantt as string));
  });

  it("D6 the server is not root, no secret is in the image, and only known variables are set", () => {
    const user = instructions.findIndex(([name]) => name === "USER");
    expect(instructions[user]?.[1]).toBe("node");
    expect(instructions.slice(user).some(([name]) => name === "RUN" || name === "COPY")).toBe(false);
    for (const [, name] of all("ENV")
      .join(" ")
      .matchAll(/(\w+)=/g))
      expect(variables).toContain(name);
    expect(all("ENV").join(" ")).not.toMatch(/SECRET|DATABASE_URL/);
    expect(text("Dockerfile.dockerignore")).toMatch(/^deploy\/secrets$/m);
    expect(text("Dockerfile.dockerignore")).toMatch(/^\*\*\/node_modules$/m);
  });

  it("D9 port and health check are the server's", async () => {
    expect(all("EXPOSE")).toEqual([defaultPort]);
    expect(all("ENV").join(" ")).toContain(`PORT=${defaultPort}`);
    const [, path] = /PORT \+ '(\/\w+)'/.exec(all("HEALTHCHECK")[0] ?? "") ?? [];
    const { url } = await startServer();
    expect((await request(`${url}${path}`)).status).toBe(200);
  });
});

describe("D5 compose file", () => {
  it("D5 two servers, a database and a balancer, each with what it names", () => {
    expect(servers.length).toBe(2);
    for (const [name, service] of Object.entries(compose.services)) {
      for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets), name).toContain(secret);
      for (const network of service.networks ?? []) expect(Object.keys(compose.networks), name).toContain(network);
      for (const other of Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {}))
        expect(Object.keys(compose.services), name).toContain(other);
      for (const volume of service.volumes ?? []) {
        const [source = ""] = volume.split(":");
        if (source.startsWith(".")) expect([source, existsSync(join(deploy, source))]).toEqual([source, true]);
        else expect(Object.keys(compose.volumes), name).toContain(source);
      }
    }
    for (const [, { build }] of servers) expect(existsSync(join(deploy, build?.context ?? "none", build?.dockerfile ?? "none"))).toBe(true);
    expect(compose.services.postgres?.healthcheck).toBeDefined();
  });

  it("D5 the servers are given variables that they know, and secrets by file only", () => {
    for (const [, { environment = {}, secrets = [] }] of servers) {
      for (const [name, value] of Object.entries(environment)) {
        expect(variables).toContain(name);
        const [, secret] = /^\/run\/secrets\/(\w+)$/.exec(value) ?? [];
        if (secret !== undefined) expect(secrets).toContain(secret);
      }
      expect(environment.DATABASE_URL ?? environment.LIVEGANTT_SECRET).toBeUndefined();
      expect(environment.LIVEGANTT_SECRET_FILE).toBeDefined();
    }
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
    expect(readFileSync(join(root, ".gitignore"), "utf8")).toMatch(/^\/deploy\/secrets\/$/m);
  });

  it("D8 who stops a server waits longer than it needs", () => {
    for (const [, { stop_grace_period }] of servers) expect(Number.parseFloat(stop_grace_period ?? "0")).toBeGreaterThan(5);
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(text("systemd/livegantt.service")) ?? [];
    expect(Number(seconds)).toBeGreaterThan(5);
  });

  it("D5 balancer and Prometheus reach every server at its port, and ask for what the server has", async () => {
    const names = servers.map(([name]) => `${name}:${defaultPort}`);
    for (const [, { expose }] of servers) expect(expose).toEqual([defaultPort]);
    const caddy = text("caddy/Caddyfile");
    expect(/reverse_proxy (.*) \{/.exec(caddy)?.[1]?.split(" ")).toEqual(names);
    const { scrape_configs, rule_files } = parse(text("prometheus/prometheus.yaml")) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
      rule_files: string[];
    };
    expect(scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets))).toEqual(names);
    expect(compose.services.prometheus?.volumes?.join()).toContain(`:${rule_files[0]}:`);
    const { url } = await startServer();
    const paths = [/health_uri (\S+)/.exec(caddy)?.[1] as string, ...(/@operations path (.*)/.exec(caddy)?.[1] ?? "").split(" ")];
    for (const path of paths) expect([path, (await request(`${url}${path}`)).status]).toEqual([path, 200]);
    const { providers } = parse(text("grafana/provisioning/dashboards/livegantt.yaml")) as { providers: { options: { path: string } }[] };
    expect(compose.services.grafana?.volumes?.join()).toContain(`:${providers[0]?.options.path}/`);
  });
});

describe("D6 systemd units", () => {
  const units = readdirSync(join(deploy, "systemd"));
  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

  it("D6 they run the program of this package, as a user of its own, with variables that it knows", () => {
    for (const unit of units.filter((name) => name.endsWith(".service"))) {
      const content = text(`systemd/${unit}`);
      for (const [, name = ""] of content.matchAll(/^Environment=(\w+)=/gm)) expect([unit, variables.has(name)]).toEqual([unit, true]);
      expect(content).toMatch(/^User=livegantt$/m);
      expect(content).toContain("/opt/livegantt/packages/server/dist/main.js");
    }
    expect(text("systemd/livegantt.service")).toMatch(/^RestartPreventExitStatus=2$/m);
  });

  it.skipIf(!hasSystemd)("D6 systemd reads them without a complaint", () => {
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...units.map((name) => join(deploy, "systemd", name))], {
      encoding: "utf8",
    });
    // It also looks for the program, which may be elsewhere on this machine.
    const complaints = stderr.split("\n").filter((line) => line !== "" && !/is not executable: No such file/.test(line));
    expect([status === 0 || complaints.length === 0, complaints]).toEqual([true, []]);
  });

  it.skipIf(!hasSystemd)("D6 the server is shut in: an exposure of 2 of 10 at most", () => {
    const unit = join(deploy, "systemd/livegantt.service");
    const { stdout, status } = spawnSync("systemd-analyze", ["security", "--offline=true", "--no-pager", "--threshold=20", unit], { encoding: "utf8" });
    expect([status, /exposure level for livegantt.service: ([\d.]+)/.exec(stdout)?.[1]]).toEqual([0, expect.stringMatching(/^[01]\.\d$|^2\.0$/)]);
  });
});

describe("docs", () => {
  it("the page about the server names every setting by flag and variable, with its default", () => {
    const page = readFileSync(join(root, "docs/server.md"), "utf8");
    for (const { name, env, value } of settings) {
      const row = page.split("\n").find((line) => line.startsWith("|") && line.includes(`\`--${name}\``) && line.includes(`\`${env}\``));
      expect([name, row]).toEqual([name, expect.any(String)]);
      if (value !== "") expect(row).toContain(value);
    }
  });
});
