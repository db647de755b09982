// What an attacker may send to the HTTP side: bytes of one connection, well-formed or not.
import { arena, session } from "./session.mjs";

const odd = [
  "%",
  "%zz",
  "%00",
  "%ff",
  "%2e%2e%2f",
  "..",
  "//",
  "\\",
  "?",
  "#",
  ";",
  "%E0%A4%A",
  "__proto__",
  "constructor",
  "'%20OR%201=1",
  "*",
  "a".repeat(70),
  "%F0%9F%99%82",
];
const headers = [
  ["cookie", "livegantt_session=%E0%A4%A; a=b; =; ;;"],
  ["cookie", `livegantt_session=${"x".repeat(5_000)}`],
  ["authorization", "Bearer eyJhbGciOiJub25lIn0.e30."],
  ["authorization", "Bearer"],
  ["authorization", `Basic ${"=".repeat(100)}`],
  ["origin", "null"],
  ["origin", "https://evil.example"],
  ["origin", "http://[::1"],
  ["accept-encoding", "br;q=0, gzip;q=nan, *;q=-1"],
  ["accept-encoding", "br"],
  ["accept", "text/html"],
  ["if-none-match", '"x", W/"y", *,,,"'],
  ["range", "bytes=5-1,-,0-"],
  ["content-type", "application/json; charset=utf-7"],
  ["content-type", "multipart/form-data; boundary="],
  ["content-type", "application/xml"],
  ["content-type", "\x80/\xff"],
  ["content-length", "-1"],
  ["content-length", "99999999999999999999"],
  ["content-length", "5"],
  ["transfer-encoding", "chunked"],
  ["transfer-encoding", "chunked, gzip, chunked"],
  ["expect", "100-continue"],
  ["connection", "Upgrade"],
  ["upgrade", "websocket"],
  ["upgrade", "h2c"],
  ["x-forwarded-for", "1.1.1.1, ' OR 1=1, \x01"],
  ["host", "evil.example"],
  ["host", ""],
  ["x-http-method-override", "DELETE"],
  ["accept-language", "*".repeat(2_000)],
  ["x-long", "y".repeat(20_000)],
];
const queries = [
  "format=mspdi",
  "format=xer",
  "format=csv",
  "format=ical",
  "format=json",
  "format=__proto__",
  "name=%00",
  "limit=-1",
  "limit=1e9",
  "from=9e99&to=-1",
  "task=%27",
  "purge=maybe",
  "archived=1&archived=2",
  "x[y]=z",
  "&&&===",
];

const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`).join("")}]><Project>&a8;</Project>`;

function body(random) {
  return random.pick([
    () =>
      JSON.stringify({
        name: "Fuzz",
        plan: random.chance(0.5) ? arena : { tasks: [random.pick([{}, null, { id: "x", children: "y" }, { parentId: "self", id: "self" }])] },
      }),
    () =>
      JSON.stringify({ clientId: random.pick(["fuzz", "", 5, "x".repeat(65), null]), ...random.pick(session), revision: random.pick([1, 0, -1, "1", 1e9]) }),
    () =>
      JSON.stringify({ role: random.pick(["viewer", "god", 5]), name: "x", label: "x".repeat(500), expiresAt: random.pick([-1, "never", 1e99]), token: "x" }),
    () => "[".repeat(1 + random.below(20_000)),
    () => `{"name":"x","plan":{"tasks":${'[{"children":'.repeat(500)}[]${"}]".repeat(500)}}}`,
    () => '{"__proto__":{"name":"x"},"constructor":{"prototype":{"x":1}}}',
    () => bomb,
    () => `<Project xmlns="http://schemas.microsoft.com/project"><Tasks>${"<Task><UID>1</UID>".repeat(random.below(400))}</Tasks></Project>`,
    () => `ERMHDR\t20.0\n%T\tTASK\n%F\ttask_id\n${"%R\t1\n".repeat(random.below(400))}%E`,
    () => "PK\u0003\u0004 not a zip",
    () => "null",
    () => "",
    () => random.bytes(random.below(300)),
  ])();
}

function target(random, { paths, project }) {
  if (random.chance(0.08))
    return random.pick([
      "*",
      "//",
      "/\\",
      "http://evil.example/",
      "/%2e%2e/%2e%2e/etc/passwd",
      "/assets/../../package.json",
      "",
      "/\u0001",
      `/${"a".repeat(9_000)}`,
    ]);
  const path = random.pick(paths).replace(/\{(\w+)\}/g, (_, name) => {
    if (name !== "id") return random.pick(["1", "0", "-1", "9".repeat(20), ...odd]);
    return random.chance(0.7) ? project : random.pick(odd);
  });
  return `${random.chance(0.1) ? path + random.pick(odd) : path}${random.chance(0.3) ? `?${random.pick(queries)}` : ""}`;
}

const block = (lines) => `${lines.join("\r\n")}\r\n\r\n`;

function request(random, context) {
  // What erases or archives the arena would end the other lanes' work; their own story tests erasing.
  const method = random.chance(0.9) ? random.pick(["GET", "POST"]) : random.pick(["PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "get", "G\u0001T"]);
  const sent = body(random);
  const bytes = Buffer.isBuffer(sent) ? sent : Buffer.from(sent);
  const hasBody = method === "POST" || method === "PUT" || random.chance(0.05);
  const lines = [`${method} ${target(random, context)} HTTP/1.${random.chance(0.97) ? 1 : random.below(10)}`, "host: 127.0.0.1"];
  if (hasBody) lines.push(`content-type: ${random.pick(["application/json", "application/json", "application/xml", "text/plain"])}`);
  if (hasBody) lines.push(`content-length: ${random.chance(0.95) ? bytes.length : random.pick([0, bytes.length + 5, Math.max(0, bytes.length - 3)])}`);
  for (let i = random.chance(0.6) ? 0 : random.below(3); i > 0; i--) lines.push(random.pick(headers).join(": "));
  if (random.chance(0.02)) for (let i = 0; i < 500; i++) lines.push(`x-${i}: ${i}`);
  lines.push("connection: close");
  return Buffer.concat([Buffer.from(block(lines), "latin1"), hasBody ? bytes : Buffer.alloc(0)]);
}

function upgrade(random, { project }) {
  const lines = [
    `${random.pick(["GET", "GET", "POST"])} ${random.pick(["/gantt-sync", "/gantt-sync", "/gantt-sync/", "//", "/other", "/gantt-sync\\"])}?project=${random.chance(0.7) ? project : random.pick(odd)} HTTP/1.1`,
    "host: 127.0.0.1",
    `connection: ${random.pick(["Upgrade", "keep-alive, Upgrade", "close"])}`,
    `upgrade: ${random.pick(["websocket", "WebSocket", "websocket, h2c", "h2c", ""])}`,
    `sec-websocket-key: ${random.pick(["dGhlIHNhbXBsZSBub25jZQ==", "", "short", "x".repeat(500), "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="])}`,
    `sec-websocket-version: ${random.pick(["13", "8", "0", "-1", "13, 13", "x"])}`,
  ];
  if (random.chance(0.3))
    lines.push(
      `sec-websocket-protocol: ${random.pick(["livegantt.1.json", "livegantt.1.msgpack", ",", "a b", "x".repeat(3_000), "livegantt.1.json, livegantt.1.json"])}`,
    );
  if (random.chance(0.3)) lines.push(`sec-websocket-extensions: ${random.pick(["permessage-deflate; client_max_window_bits=99", ";;", "x=y"])}`);
  if (random.chance(0.3)) lines.push(random.pick(headers).join(": "));
  return Buffer.concat([Buffer.from(block(lines), "latin1"), random.chance(0.4) ? random.bytes(random.below(200)) : Buffer.alloc(0)]);
}

/**
 * The bytes of one connection, and whether the attacker hangs up in the middle.
 * @param {ReturnType<import("./random.mjs").randomOf>} random
 * @param {{ paths: readonly string[], project: string }} context
 */
export function requestCase(random, context) {
  const bytes = random.weighted([
    [70, () => request(random, context)],
    [18, () => upgrade(random, context)],
    [5, () => random.bytes(1 + random.below(2_000))],
    [5, () => Buffer.concat([request(random, context), request(random, context)])],
    [2, () => Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")],
  ])();
  return random.chance(0.15) ? { bytes: bytes.subarray(0, random.below(bytes.length)), hangUp: true } : { bytes, hangUp: false };
}
