#!/usr/bin/env node
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { type Config, helpText, readConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import { StoreError } from "./interfaces/store.ts";
import { createSample } from "./sample.ts";
import { createServer, type RunningServer } from "./server.ts";
import { loopbackHosts } from "./socket/guard.ts";

/** The page as it is built in this repository, and as it is packed with this package. */
const builtPage = join(dirname(fileURLToPath(import.meta.url)), "../../../apps/web/dist");
const shutdownMs = 4_500;

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

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === "help") console.log(helpText());
  else {
    const server = await start(config);
    const sample = await createSample(server.sync);
    console.log(`livegantt is running: ${server.url}/${sample === undefined ? "" : `p/${sample}`}`);
  }
} catch (error) {
  if (!(error instanceof ServerError || error instanceof StoreError || error instanceof RangeError)) throw error;
  console.error(`livegantt does not start: ${error.message}`);
  process.exitCode = 1;
}
