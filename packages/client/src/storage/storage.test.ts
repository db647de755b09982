import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { chooseStorage } from "./choose.ts";
import { storageError } from "./failure.ts";
import { IndexedDbStorage } from "./indexedDb.ts";
import { LocalStorage } from "./local.ts";
import { MemoryStorage } from "./memory.ts";
import type { OutboxStorage } from "./storage.ts";

/** The Web Storage interface over a map that takes so many characters. */
class FakeWebStorage implements Storage {
  readonly #map = new Map<string, string>();
  readonly #room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get length(): number {
    return this.#map.size;
  }
  key(index: number): string | null {
    return [...this.#map.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    let size = key.length + value.length;
    for (const [other, text] of this.#map) if (other !== key) size += other.length + text.length;
    if (size > this.#room) throw new DOMException("no room", "QuotaExceededError");
    this.#map.set(key, value);
  }
  removeItem(key: string): void {
    this.#map.delete(key);
  }
  clear(): void {
    this.#map.clear();
  }
}

const opened: OutboxStorage[] = [];
afterEach(() => {
  for (const storage of opened.splice(0)) storage.close?.();
});
let databases = 0;
const kinds: readonly (readonly [string, () => OutboxStorage])[] = [
  ["memory", () => new MemoryStorage()],
  ["localStorage", () => new LocalStorage(new FakeWebStorage())],
  ["IndexedDB", () => new IndexedDbStorage(`test-${databases++}`)],
];

describe.each(kinds)("O1 a store in %s", (_, make) => {
  const open = (): OutboxStorage => {
    const storage = make();
    opened.push(storage);
    return storage;
  };

  it("gives back by prefix, in key order, copies of the values", async () => {
    const storage = open();
    const value = { list: [1, { deep: null }] };
    await storage.write(
      [
        ["a/2", value],
        ["a/10", "ten"],
        ["b/1", 7],
        ["a/1", true],
      ],
      [],
    );
    expect(await storage.read("a/")).toEqual([
      ["a/1", true],
      ["a/10", "ten"],
      ["a/2", value],
    ]);
    expect((await storage.read("a/2"))[0]?.[1]).not.toBe(value);
  });

  it("replaces and deletes in one piece", async () => {
    const storage = open();
    await storage.write(
      [
        ["a", 1],
        ["b", 2],
      ],
      [],
    );
    await storage.write([["a", 3]], ["b", "never"]);
    expect(await storage.read("")).toEqual([["a", 3]]);
  });

  it("keeps the order of writes that were not waited for", async () => {
    const storage = open();
    const writes = Array.from({ length: 20 }, (_, i) => storage.write([["a", i]], []));
    await Promise.all(writes);
    expect(await storage.read("a")).toEqual([["a", 19]]);
  });
});

describe("a store that cannot", () => {
  it("O1 a full localStorage says so in its code, and a write that does not fit leaves nothing half done", () => {
    const storage = new LocalStorage(new FakeWebStorage(60));
    storage.write(
      [
        ["a", "small"],
        ["b", "gone"],
      ],
      [],
    );
    expect(() =>
      storage.write(
        [
          ["a", "other"],
          ["c", "x".repeat(100)],
        ],
        ["b"],
      ),
    ).toThrow(expect.objectContaining({ code: "storage_full", action: "fix" }));
    expect(storage.read("")).toEqual([
      ["a", "small"],
      ["b", "gone"],
    ]);
  });

  it("O1 a damaged localStorage value is handed on for its reader to judge", () => {
    const web = new FakeWebStorage();
    web.setItem("livegantt/a", "{broken");
    expect(new LocalStorage(web).read("")).toEqual([["a", "{broken"]]);
  });

  it("O1 IndexedDB opens again after it was closed, and reports what cannot be stored", async () => {
    const storage = new IndexedDbStorage(`test-${databases++}`);
    opened.push(storage);
    await storage.write([["a", 1]], []);
    storage.close();
    expect(await storage.read("a")).toEqual([["a", 1]]);
    await expect(storage.write([["f", () => {}]], [])).rejects.toMatchObject({ code: "storage_failed", action: "retry" });
  });

  it("other errors keep their reason", () => {
    expect(storageError(new Error("disk on fire")).message).toContain("disk on fire");
    expect(storageError(new DOMException("", "QuotaExceededError")).code).toBe("storage_full");
  });
});

describe("choosing", () => {
  it("takes the best there is, the named one, or one's own", () => {
    expect(chooseStorage(undefined)).toBeInstanceOf(IndexedDbStorage);
    expect(chooseStorage("memory")).toBeInstanceOf(MemoryStorage);
    const own = new MemoryStorage();
    expect(chooseStorage(own)).toBe(own);
    expect(() => chooseStorage("local")).toThrow(expect.objectContaining({ code: "no_storage" }));
  });
});
