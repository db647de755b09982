import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Look, Person } from "./person.ts";
import { ServerProcess } from "./server.ts";

/** Without the calls home that Chromium makes by itself, so that every request a story sees is one of the page. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where pictures go: of pages as they should be, and of what each person saw when a story failed. */
export const shots = join(import.meta.dirname, "../shots");

export interface Stage {
  readonly server: ServerProcess;
  /** Lets a person in. They leave when the story ends, and must then have nothing to complain about. */
  enter(name: string, look?: Look): Promise<Person>;
}

/** One server process and one browser for all stories of a file. */
export function setStage(settings: Readonly<Record<string, string>> = {}): Stage {
  let browser: Browser;
  let server: ServerProcess;
  const people: Person[] = [];
  beforeAll(async () => {
    server = await ServerProcess.start(settings);
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: quiet });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      const story = task.name.replace(/\W+/g, "-").slice(0, 60);
      for (const person of people) await person.page.screenshot({ path: join(shots, `failed-${story}-${person.name}.png`) });
    }
    const complaints = people.flatMap((person) => person.complaints.map((complaint) => `${person.name}: ${complaint}`));
    for (const person of people.splice(0)) await person.leave();
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });
  return {
    get server() {
      return server;
    },
    async enter(name, look) {
      const person = await Person.enter(browser, server.url, name, look);
      people.push(person);
      return person;
    },
  };
}
