import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { type Config, limitsByName, settings } from "../config.ts";
import { aboutLimit, defaultLimits } from "../limits.ts";
import { createSample } from "../sample.ts";
import { createServer, type RunningServer } from "../server.ts";
import { loopbackHosts } from "../socket/guard.ts";
import type { Command } from "./command.ts";

/** The page as it is built in this repository, or as it is packed with this package. */
const builtPage = ["../../../../apps/web/dist", "../../web"].map((path) => join(dirname(fileURLToPath(import.meta.url)), path)).find(existsSync);
const shutdownMs = 4_500;

export const serve: Command = {
  operands: [],
  settings: settings.map(({ name }) => name),
  options: [],
  notes: [
    "Options come from flags, then environment, then the JSON file of --config, then defaults.",
    ["Limits:", ...limitsByName.map((name) => `  ${`${name}=${defaultLimits[name]}`.padEnd(34)} ${aboutLimit(name)}`)].join("\n"),
  ],
  async run({ config, json }) {
    const server = await start(config);
    const sample = config.sample ? await createSample(server.sync) : undefined;
    const link = `${server.url}/${sample === undefined ? "" : `p/${sample}`}`;
    console.log(json ? JSON.stringify({ url: server.url, ...(sample !== undefined && { sample }) }) : `livegantt is running: ${link}`);
    return 0;
  },
};

async function start(config: Config): Promise<RunningServer> {
  const { secret, jwks, issuer, audience, hosts } = config;
  const guarded = secret !== undefined || jwks !== undefined;
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }));
  const server = await createServer({
    port: config.port,
    host: config.host,
    data: config.data,
    ...(config.database !== undefined && { database: config.database }),
    insecure: config.insecure,
    trustProxy: config.trustProxy,
    webRoot: config.web ?? builtPage,
    limits: config.limits,
    allowedOrigins: config.origins,
    logger,
    ...(hosts.length > 0 && !guarded && { allowedHosts: [...loopbackHosts, ...hosts] }),
    ...(guarded && {
      auth: {
        ...(secret !== undefined && { secret }),
        ...(jwks !== undefined && { jwks }),
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      },
    }),
  });
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), shutdownMs).unref();
    void server.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return server;
}
