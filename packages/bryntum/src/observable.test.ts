import { expect, test, vi } from "vitest";
import { Observable } from "./observable.ts";

class Base extends Observable {
  static override readonly configurable: Readonly<Record<string, unknown>> = { color: "red", size: 1 };
  declare color: string;
  declare size: number;
  constructor(config: Record<string, unknown> = {}) {
    super();
    this.configure(config);
  }
}
class Derived extends Base {
  static override readonly configurable = { size: 2 };
}

test("A5 options come from every class of the chain, then from what is given", () => {
  const made = new Derived({ color: "blue" });
  expect([made.color, made.size]).toEqual(["blue", 2]);
});

test("A5 `on` takes many listeners with one `this`, and returns what stops them", () => {
  const made = new Base();
  const owner = { heard: [] as string[] };
  const off = made.on({
    one(this: typeof owner) {
      this.heard.push("one");
    },
    two(this: typeof owner) {
      this.heard.push("two");
    },
    thisObj: owner,
  });
  made.trigger("one");
  made.trigger("two");
  off();
  made.trigger("one");
  expect(owner.heard).toEqual(["one", "two"]);
});

test("A5 `once`, `un`, `listeners`, `onEvent` options and the form with a name work as in Bryntum", () => {
  const [once, named, listed, optioned] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  const made = new Base({ listeners: { ping: listed }, onPing: optioned });
  made.on({ ping: once, once: true });
  made.on("ping", named);
  made.trigger("ping", { value: 1 });
  made.un("ping", named);
  made.trigger("ping");
  expect([once, named, listed, optioned].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2, 2]);
  expect(named.mock.calls[0]?.[0]).toMatchObject({ value: 1, source: made, type: "ping" });
});

test("A5 a listener that returns false says no; after destroy nobody is told", () => {
  const made = new Base();
  made.on({ ask: () => false });
  expect(made.trigger("ask")).toBe(false);
  made.destroy();
  expect([made.isDestroyed, made.trigger("ask")]).toEqual([true, true]);
});
