import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { ProjectSyncServer } from "../../projectSyncServer.ts";
import { openSqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { atEnd, temporaryFolder } from "../harness.ts";

/** The live part in a plain HTTP server, and both ends of one TCP connection to it. */
async function knock(path: string, headers: Record<string, string> = {}) {
  const store = openSqliteStore(temporaryFolder());
  const sync = new ProjectSyncServer({ store });
  const http = createHttpServer();
  sync.attach(http, { shared: false });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  atEnd(async () => {
    await sync.close();
    http.close();
    await store.close();
  });
  const arrived = once(http, "connection") as Promise<[Socket]>;
  const { port } = http.address() as AddressInfo;
  const caller = connect(port, "127.0.0.1");
  caller.on("error", () => {});
  const [there] = await arrived;
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, Connection: "Upgrade", Upgrade: "websocket", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const answered = once(caller, "data") as Promise<[Buffer]>;
  caller.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { caller, there, answer: async () => String((await answered)[0]) };
}

it("Q8 a refused caller who tears the connection down does not take the server with it", async () => {
  const { caller, there, answer } = await knock("/gantt-sync?project=p", { Origin: "https://evil.example" });
  expect(await answer()).toMatch(/^HTTP\/1\.1 403 /);
  // Not `once` of node:events: it would listen for the error in the server's place.
  const closed = new Promise<unknown>((done) => there.once("close", done));
  caller.resetAndDestroy();
  // What the operating system reports for such a caller, whether or not it came in time: nobody else may hear of it.
  there.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
  await closed;
  expect(there.destroyed).toBe(true);
});

it.each(["//", "//[", "/gantt-sync?project=%"])("Q8 an upgrade to %s is answered, not fatal", async (path) => {
  const { answer } = await knock(path);
  expect(await answer()).toMatch(/^HTTP\/1\.1 4\d\d /);
});
