export type Handler = (event: never) => unknown;

/** `{ eventName: handler, …, thisObj, once }`, as Bryntum's `on()` takes it. */
export interface Listeners {
  readonly thisObj?: object;
  readonly once?: boolean;
  readonly [event: string]: Handler | object | boolean | undefined;
}

interface Entry {
  readonly handler: Handler;
  readonly thisObj: object | undefined;
  readonly once: boolean;
}

const reserved = new Set(["thisObj", "once", "detachable", "name", "expires", "prio", "args"]);

/**
 * Events and configuration as Bryntum's classes have them, without Bryntum: `static configurable` along the class chain, `construct(config)`, `on()`, `un()`,
 * `trigger()`, `onEventName` options, `listeners`, `destroy()`.
 */
export class Observable {
  static readonly configurable: Readonly<Record<string, unknown>> = {};
  readonly #entries = new Map<string, Entry[]>();
  #destroyed = false;

  get isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Takes the options of every class of the chain, then those given, as properties; `onSomething` and `listeners` become listeners. */
  protected configure(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const chain: Readonly<Record<string, unknown>>[] = [];
    for (let at: unknown = this.constructor; typeof at === "function" && at !== Observable; at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, "configurable")) chain.unshift((at as typeof Observable).configurable);
    }
    const all: Record<string, unknown> = Object.assign({}, ...chain, config);
    for (const [name, value] of Object.entries(all)) {
      if (name === "listeners") {
        if (value && typeof value === "object") this.on(value as Listeners);
      } else if (/^on[A-Z]/.test(name) && typeof value === "function" && !(name in this))
        this.on(name.charAt(2).toLowerCase() + name.slice(3), value as Handler);
      else (this as Record<string, unknown>)[name] = value;
    }
    return all;
  }

  /** Listens; returns the function that stops it. `on("name", handler, thisObj)` works as well. */
  on(listeners: Listeners | string, handler?: Handler | object, thisObj?: object): () => void {
    const given: Listeners = typeof listeners === "string" ? { [listeners]: handler as Handler, ...(thisObj ? { thisObj } : {}) } : listeners;
    const owner = given.thisObj ?? (typeof listeners === "object" && typeof handler === "object" ? handler : undefined);
    const added: [string, Entry][] = [];
    for (const [name, value] of Object.entries(given)) {
      if (reserved.has(name) || value == null) continue;
      const spec = typeof value === "function" ? { fn: value } : (value as { readonly fn?: unknown; readonly once?: boolean; readonly thisObj?: object });
      const fn =
        typeof spec.fn === "string" ? ((owner as Record<string, unknown> | undefined)?.[spec.fn] as Handler | undefined) : (spec.fn as Handler | undefined);
      if (typeof fn !== "function") continue;
      const entry: Entry = {
        handler: fn as Handler,
        thisObj: ("thisObj" in spec ? spec.thisObj : undefined) ?? owner,
        once: given.once === true || ("once" in spec && spec.once === true),
      };
      const key = name.toLowerCase();
      this.#entries.set(key, [...(this.#entries.get(key) ?? []), entry]);
      added.push([key, entry]);
    }
    return () => {
      for (const [key, entry] of added) this.#drop(key, entry);
    };
  }

  un(listeners: Listeners | string, handler?: Handler, thisObj?: object): void {
    const given: Listeners = typeof listeners === "string" ? { [listeners]: handler, ...(thisObj ? { thisObj } : {}) } : listeners;
    for (const [name, value] of Object.entries(given)) {
      if (reserved.has(name)) continue;
      for (const entry of this.#entries.get(name.toLowerCase()) ?? [])
        if (entry.handler === value && (!given.thisObj || given.thisObj === entry.thisObj)) this.#drop(name.toLowerCase(), entry);
    }
  }

  hasListener(name: string): boolean {
    return (this.#entries.get(name.toLowerCase())?.length ?? 0) > 0;
  }

  /** Calls the listeners in their order; false where one of them returned false. */
  trigger(name: string, event: Readonly<Record<string, unknown>> = {}): boolean {
    if (this.#destroyed) return true;
    let go = true;
    for (const entry of [...(this.#entries.get(name.toLowerCase()) ?? [])]) {
      if (entry.once) this.#drop(name.toLowerCase(), entry);
      if (
        (entry.handler as (event: unknown) => unknown).call(entry.thisObj ?? this, { ...event, source: this, type: name.toLowerCase(), eventName: name }) ===
        false
      )
        go = false;
    }
    return go;
  }

  removeAllListeners(): void {
    this.#entries.clear();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.trigger("destroy");
    this.#destroyed = true;
    this.#entries.clear();
  }

  #drop(key: string, entry: Entry): void {
    const rest = (this.#entries.get(key) ?? []).filter((other) => other !== entry);
    if (rest.length > 0) this.#entries.set(key, rest);
    else this.#entries.delete(key);
  }
}
