import { toDatabase } from "./text.ts";

/** Lists as PostgreSQL takes them in binary. As text each element would be escaped here and read back letter by letter there: most of what a commit costs. */
const oids = { text: 25, integer: 23, bigint: 20 } as const;
const headBytes = 20;

function head(oid: number, count: number, hasNull: boolean, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(headBytes + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

export function textList(values: readonly (string | null)[]): Buffer {
  const texts = values.map((value) => (value === null ? null : (toDatabase(value) as string)));
  const sizes = texts.map((text) => (text === null ? -1 : Buffer.byteLength(text)));
  const buffer = head(
    oids.text,
    texts.length,
    sizes.includes(-1),
    sizes.reduce((sum, size) => sum + 4 + Math.max(0, size), 0),
  );
  let at = headBytes;
  for (const [i, text] of texts.entries()) {
    at = buffer.writeInt32BE(sizes[i] as number, at);
    if (text !== null) at += buffer.write(text, at);
  }
  return buffer;
}

export function integerList(values: readonly number[]): Buffer {
  const buffer = head(oids.integer, values.length, false, values.length * 8);
  let at = headBytes;
  for (const value of values) at = buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
  return buffer;
}

export function bigintList(values: readonly number[]): Buffer {
  const buffer = head(oids.bigint, values.length, false, values.length * 12);
  let at = headBytes;
  for (const value of values) at = buffer.writeBigInt64BE(BigInt(value), buffer.writeInt32BE(8, at));
  return buffer;
}
