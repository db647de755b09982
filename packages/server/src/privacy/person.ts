import { createHash, randomBytes } from "node:crypto";

/** Whom a request to be forgotten is about. `sub` is how access tokens know a person; a name alone stands for what was written under it without a token. */
export interface Sought {
  readonly sub: string | undefined;
  readonly name: string | undefined;
  /** What stands in the name's place; left out: "Former member" and a number. */
  readonly as?: string | undefined;
}

/** A person on the way to being forgotten. */
export class Person {
  readonly sub: string | undefined;
  readonly alias: string;
  /** Keeps apart what different people did, and leads back to nobody. */
  readonly aliasSub: string;
  readonly #claimed: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;

  /** @param names under which the subject has written. */
  constructor({ sub, name, as }: Sought, names: Iterable<string>) {
    const secret = randomBytes(16);
    this.sub = sub;
    this.alias = as ?? `Former member ${createHash("sha256").update(secret).digest("hex").slice(0, 4)}`;
    this.aliasSub = `forgotten-${createHash("sha256").update("sub").update(secret).digest("hex").slice(0, 16)}`;
    this.#claimed = new Set(name === undefined ? [] : [name, byLink(name)]);
    this.#known = new Set([...names, ...this.#claimed]);
  }

  /** Is this what they wrote? A name counts only where no token vouched for another person. */
  wrote(sub: string | null, name: string): boolean {
    return sub === null ? this.#claimed.has(name) : sub === this.sub;
  }

  /** Is this how they are called? Where only a name is left of who somebody was, a namesake is forgotten too. */
  isCalled(name: unknown): name is string {
    return typeof name === "string" && this.#known.has(name) && name !== this.alias;
  }

  /** Does a text speak of them? */
  isIn(text: unknown): boolean {
    return typeof text === "string" && [...this.#known].some((name) => name !== this.alias && text.includes(name));
  }
}

/** How a guest who came by a share link is written down. */
const byLink = (name: string): string => `${name} (by link)`;
