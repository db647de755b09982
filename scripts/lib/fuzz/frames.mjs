// What an attacker may send on a socket. Every case is a function of its random numbers alone, and of the connection's next number.
import { session } from "./session.mjs";

const text = 1;
const maxPlaces = 400;
const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__defineGetter__",
  "then",
  "toJSON",
  "length",
  "id",
  "changes",
  "was",
  "",
];
const values = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.1,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  5e-324,
  "",
  " ",
  "0",
  "__proto__",
  "constructor",
  "t1",
  "\u0000",
  "\ud800",
  "\u202e\u2066",
  "é".repeat(100),
  "'; DROP TABLE projects; --",
  "../../../../etc/passwd",
  "<script>alert(1)</script>",
  "2026-02-30T25:61:61",
  "9999-12-31T23:59:59",
  "0000-00-00T00:00:00",
  "-271821-04-20",
  "every 0 seconds",
  "every 31 Feb at 99:99",
  [],
  {},
  [[]],
  [null],
  [{}],
  { id: "t1" },
  { length: 1e9 },
  { toString: 1, valueOf: 1, toJSON: 1 },
];

/** Every place in a message, as the object that holds it and the key there. */
function placesOf(root) {
  const places = [];
  const stack = [root];
  for (let holder = stack.pop(); holder !== undefined; holder = stack.pop()) {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      if (typeof holder[key] === "object" && holder[key] !== null) stack.push(holder[key]);
    }
  }
  return places;
}

function anyValue(random) {
  if (random.chance(0.8)) return structuredClone(random.pick(values));
  if (random.chance(0.5)) return random.pick(["x", "\u0001", '"', "\\", "🙂"]).repeat(1 + random.below(3_000));
  return Array.from({ length: random.below(300) }, (_, i) => ({ id: random.pick(["t1", "t2", `n${i}`]), name: "x", changes: {} }));
}

/** Sets an own property, also where its name means something else to JavaScript. */
function put(holder, key, value) {
  if (Array.isArray(holder) && key === "length") holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

const mutations = [
  (random, holder, key) => put(holder, key, anyValue(random)),
  (_random, holder, key) => delete holder[key],
  (random, holder, key) => put(holder, random.pick(keys), holder[key]),
  (random, holder) => put(holder, random.pick(keys), anyValue(random)),
  (random, holder, key) => {
    if (Array.isArray(holder[key]) && holder[key].length > 0) holder[key] = Array.from({ length: 1 + random.below(200) }, () => holder[key][0]);
    else put(holder, key, [holder[key]]);
  },
  (random, holder, key) => {
    if (typeof holder[key] === "string")
      holder[key] = random.pick([`t${random.below(40)}`, `d${random.below(10)}`, "r1", "week", `${holder[key]}${holder[key]}`]);
    else if (typeof holder[key] === "number") holder[key] = random.pick([holder[key] + 1, -holder[key], holder[key] * 1e6, holder[key] + 0.5]);
    else put(holder, key, null);
  },
];

/** A message of the session as it is, or with some places changed. */
function message(random, next, count) {
  const made = structuredClone(random.pick(session));
  if (made.revision === 0) {
    made.revision = next;
    made.baseRevision = random.pick([0, 0, 0, 1, 1_000_000]);
    // Ids of new records differ, so that most of them are taken.
    for (const kind of Object.values(made.payload ?? {})) for (const record of kind.added ?? []) record.id += random.below(1e6);
  }
  for (let i = 0; i < count; i++) {
    const places = placesOf(made);
    // Lists grow by what they hold: a message ends far below the size that the server takes.
    if (places.length === 0 || places.length > maxPlaces) break;
    // The envelope is spared mostly, so that most cases get past it.
    const [holder, key] = random.pick(places);
    if (holder === made && (key === "revision" || key === "type") && random.chance(0.8)) continue;
    random.pick(mutations)(random, holder, key);
  }
  return made;
}

function nested(random) {
  const depth = 2 ** (1 + random.below(15));
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['{"children":[', "]}"],
    ['{"tasks":{"added":[', "]}}"],
  ]);
  const inside = open.repeat(depth) + (open.endsWith(":") ? "1" : "") + close.repeat(depth);
  return random.pick([
    inside,
    `{"type":"changes","revision":1,"baseRevision":0,"payload":${inside}}`,
    `{"type":"changes","revision":1,"baseRevision":0,"payload":{"tasks":{"updated":[{"id":"t1","changes":{"custom":${inside}}}]}}}`,
    `{"type":"heartbeat","payload":${inside}}`,
    open.repeat(depth),
  ]);
}

function torn(random, whole) {
  const bytes = Buffer.from(whole);
  const kind = random.below(4);
  if (kind === 0) return bytes.subarray(0, random.below(bytes.length + 1));
  if (kind === 1) {
    for (let i = 0; i < 1 + random.below(8); i++) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  }
  if (kind === 2) return Buffer.concat([bytes, random.bytes(random.below(20))]);
  const at = random.below(bytes.length);
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(random.pick(["{", "}", "[", "]", ",", ":", '"', "\\u", "\u2028", "1e999", "NaN", "/*"])),
    bytes.subarray(at),
  ]);
}

const json = (value) => Buffer.from(JSON.stringify(value) ?? "null");
const whole = (payload, opcode = text) => [{ opcode, payload }];

/** Frames that break the WebSocket protocol or bend it. */
function brokenFrames(random) {
  const payload = json(message(random, 1, 0));
  return random.pick([
    () => [
      { opcode: text, payload: payload.subarray(0, 5), fin: false },
      { opcode: 0, payload: payload.subarray(5) },
    ],
    () => [
      { opcode: text, payload: payload.subarray(0, 5), fin: false },
      { opcode: text, payload },
    ],
    () => Array.from({ length: 200 }, (_, i) => ({ opcode: i === 0 ? text : 0, payload: Buffer.from("["), fin: i === 199 })),
    () => [{ opcode: 0, payload }],
    () => [{ opcode: 3 + random.below(5), payload }],
    () => [{ opcode: 11 + random.below(5), payload }],
    () => [{ opcode: text, payload, rsv: 1 + random.below(7) }],
    () => [{ opcode: text, payload, masked: false }],
    () => [{ opcode: 9, payload: random.bytes(random.below(126)) }],
    () => [{ opcode: 9, payload: random.bytes(126 + random.below(200)) }],
    () => [{ opcode: 10, payload: random.bytes(random.below(60)) }],
    () => [{ opcode: 9, payload: Buffer.alloc(0), fin: false }],
    () => [{ opcode: 8, payload: random.bytes(random.below(4)) }],
    () => [{ opcode: 8, payload: Buffer.from([random.below(256), random.below(256), 0xff, 0xfe]) }],
    () => [{ opcode: text, payload, length: 2 ** 63 }],
    () => [{ opcode: text, payload, length: payload.length + 1 + random.below(1_000) }],
    () => [{ opcode: text, payload, length: 5 * 1024 * 1024 }],
    () => [{ opcode: text, payload: Buffer.alloc(0) }],
  ])();
}

/**
 * The frames of one case.
 * @param {ReturnType<import("./random.mjs").randomOf>} random
 * @param {number} next the connection's next number
 * @returns {{ isSharp: boolean, usesNumber: boolean, frames: { opcode: number, payload: Buffer, fin?: boolean, rsv?: number, masked?: boolean, length?: number }[] }} `isSharp`: it may end
 *   its connection, which others must not share; `usesNumber`: the next one has the number after `next`
 */
export function socketCase(random, next) {
  if (random.chance(0.15)) return { isSharp: true, usesNumber: false, frames: sharp(random) };
  const value = mild(random, next);
  const usesNumber = value !== null && (value.type === "changes" || value.type === "command") && value.revision === next;
  return { isSharp: false, usesNumber, frames: whole(json(value)) };
}

const mild = (random, next) =>
  random.weighted([
    [12, () => message(random, next, 0)],
    [40, () => message(random, next, 1 + random.below(3))],
    [10, () => message(random, next, 4 + random.below(12))],
    [6, () => anyValue(random)],
  ])();

const sharp = (random) =>
  random.weighted([
    [12, () => whole(torn(random, json(message(random, 1, random.below(2)))))],
    [5, () => whole(random.bytes(random.below(400)), random.pick([text, 2]))],
    [5, () => whole(Buffer.from(nested(random)))],
    [8, () => brokenFrames(random)],
    [0.1, () => whole(Buffer.from(`{"type":"changes","revision":1,"baseRevision":0,"payload":{},"x":"${"x".repeat(1_048_000 + random.below(200_000))}"}`))],
  ])();
