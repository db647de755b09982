import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
export const shots = join(import.meta.dirname, "../../shots");

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: quiet });

/** A person with a browser window of their own. */
export class Person {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(`page error: ${error.message}\n${error.stack?.slice(0, 400)}`));
    page.on("console", (message) => {
      // The trial asks its vendor whether it may run, SVAR's sheet asks for a font; the page's policy lets nothing out.
      if (message.type() === "error" && !/favicon|404|bryntum\.com\/verify|cdn\.svar\.dev/.test(message.text()))
        this.complaints.push(`console: ${message.text()}`);
    });
  }

  static async enter(browser: Browser, url: string, options: { readonly timezoneId?: string } = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    context.setDefaultTimeout(15_000);
    const person = new Person(await context.newPage());
    await person.page.goto(url);
    return person;
  }

  async opened(): Promise<this> {
    await this.sees("globalThis.opened");
    await this.page.evaluate("globalThis.opened");
    await this.page.locator(".b-gantt-task").first().waitFor();
    return this;
  }

  /** Evaluates in the page; `project`, `manager` and `gantt` are there. */
  read<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression) as Promise<T>;
  }

  /** Waits until an expression is true in the page. */
  async sees(expression: string): Promise<void> {
    // Evaluated from outside: the page may not evaluate texts itself.
    const until = Date.now() + 20_000;
    while (!(await this.page.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > until) throw new Error([`the page never came to: ${expression}`, ...this.complaints].join("\n"));
      await this.page.waitForTimeout(30);
    }
  }

  leave(): Promise<void> {
    return this.page.context().close();
  }
}
