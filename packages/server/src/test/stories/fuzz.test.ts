import { connect } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { fuzz, memoryGrowth } from "../../../../../scripts/lib/fuzz/run.mjs";
import { startServer } from "../harness.ts";
import { buildServer } from "../serverProcess.ts";

/** Everything that the server answers to some bytes. */
function answerTo(url: string, bytes: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => done(Buffer.concat(chunks).toString("latin1")));
    socket.end(Buffer.from(bytes, "latin1"));
  });
}

const host = "host: 127.0.0.1\r\nconnection: close\r\n\r\n";
const upgrade = (lines: string): string => `GET /gantt-sync?project=x HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\n${lines}\r\n\r\n`;

describe("Q8 what is no request", () => {
  it.each([
    ["an address with a broken escape", `GET /api/projects/%zz HTTP/1.1\r\n${host}`, 400],
    ["a path with a broken escape", `GET /%E0%A4%A HTTP/1.1\r\n${host}`, 400],
    ["an id that is too long", `GET /api/projects/${"x".repeat(200)} HTTP/1.1\r\n${host}`, 414],
    ["no HTTP at all", "\u0016\u0003\u0001\u0002hello\r\n\r\n", 400],
    ["headers that are too large", `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n${host}`, 431],
    ["two different lengths", `POST /api/projects HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n${host}`, 400],
    ["an upgrade without a key", upgrade("upgrade: websocket\r\nsec-websocket-version: 13"), 400],
    ["an upgrade of another version", upgrade("upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 7"), 400],
    ["an upgrade to something else", upgrade("upgrade: h2c\r\nsec-websocket-version: 13"), 400],
    ["a cookie with a broken escape", `GET /api/projects HTTP/1.1\r\ncookie: livegantt_session=%E0%A4%A\r\n${host}`, 200],
  ])("Q8 %s is answered like any other error", async (_name, bytes, status) => {
    const { url } = await startServer();
    const answer = await answerTo(url, bytes);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head.split("\r\n")[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status === 200) return;
    expect(head.toLowerCase()).toContain("content-type: application/json");
    expect(JSON.parse(body)).toEqual({ error: { code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/^[A-Z"].*\.$/), action: "fix" } });
  });
});

describe("Q8 fuzzed frames and requests", () => {
  beforeAll(buildServer, 60_000);

  it("Q8 some thousand hostile messages: no crash, no unexpected error, others work on", async () => {
    const { faults, cases, witness, memory } = await fuzz({ seed: 8, count: 4_000, boundMs: 15_000 });
    expect(faults).toEqual([]);
    expect(cases).toBe(4_000);
    expect(witness.edits).toBeGreaterThan(10);
    expect(memoryGrowth(memory).isFlat).toBe(true);
  }, 180_000);
});
