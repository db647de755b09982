import type { Browser, BrowserContext, Page } from "playwright-core";
import { Chart } from "./chart.ts";
import { Wire } from "./wire.ts";

export interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** One person: a browser with storage of its own, a network of its own, and a page. What should never happen in it is collected as a complaint. */
export class Person {
  readonly context: BrowserContext;
  readonly wire: Wire;
  readonly name: string;
  page: Page;
  chart: Chart;
  readonly #complaints: string[] = [];

  private constructor(name: string, context: BrowserContext, wire: Wire, page: Page) {
    this.name = name;
    this.context = context;
    this.wire = wire;
    this.page = page;
    this.chart = new Chart(page);
  }

  static async enter(browser: Browser, serverUrl: string, name: string, look: Look = {}): Promise<Person> {
    const { colorScheme = "light", width = 1440, height = 900 } = look;
    const wire = await Wire.to(serverUrl);
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: "reduce",
      baseURL: wire.url,
      locale: "en-GB",
      timezoneId: "Europe/Amsterdam",
    });
    const person = new Person(name, context, wire, await context.newPage());
    const { host } = new URL(wire.url);
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.host !== host) person.#complaints.push(`request to another host: ${request.url()}`);
    });
    context.on("weberror", (error) => person.#complaints.push(`uncaught error: ${error.error().stack ?? error.error().message}`));
    // A cut network and a refused request are told on the console by the browser itself.
    context.on("console", (message) => {
      if (message.type() === "error" && !/net::ERR|WebSocket connection|status of 4\d\d/.test(message.text()))
        person.#complaints.push(`console: ${message.text()}`);
    });
    return person;
  }

  /** Requests to other hosts, uncaught errors and error messages so far. A story ends with none. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Opens a plan, gives a name where the page asks for one, and waits until the plan is live. */
  async open(project: string): Promise<void> {
    await this.openAt(`/p/${project}`);
  }

  /** The same for an address, such as that of a share link. */
  async openAt(address: string): Promise<void> {
    await this.page.goto(address);
    const nameInput = this.page.getByTestId("name-input");
    await nameInput.or(this.page.getByTestId("connection-status")).first().waitFor();
    if (await nameInput.isVisible()) {
      await nameInput.fill(this.name);
      await nameInput.press("Enter");
    }
    await this.becomes("live");
    await this.page.locator(".wx-row").first().waitFor();
  }

  async becomes(...status: string[]): Promise<void> {
    await this.page.locator(status.map((each) => `[data-testid=connection-status][data-status=${each}]`).join()).waitFor({ timeout: 20_000 });
  }

  /** Waits until the page says that everything is on the server. */
  async saved(): Promise<void> {
    await this.page.locator("[data-testid=save-status][data-saved=true]").waitFor({ timeout: 20_000 });
  }

  /** Waits until the page says that so many unsent changes would survive it (O1). */
  async keeps(changes: number): Promise<void> {
    await this.page.locator("[data-testid=save-status][data-saved=false][data-kept=true]", { hasText: `${changes} change` }).waitFor({ timeout: 20_000 });
  }

  /** A second tab of the same browser takes over as the page of this person. */
  async openTab(): Promise<void> {
    this.page = await this.context.newPage();
    this.chart = new Chart(this.page);
  }

  async leave(): Promise<void> {
    await this.context.close();
    await this.wire.dispose();
  }
}
