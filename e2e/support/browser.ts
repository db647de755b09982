import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Chromium without the calls home that it makes by itself, so that every request a test sees is one of the page. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, args });
}

export interface ContextOptions {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** One person's browser: cookies and storage of its own. What should never happen in it is collected and judged by `complaints`. */
export class Person {
  readonly #complaints: string[] = [];
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async enter(browser: Browser, serverUrl: string, options: ContextOptions = {}): Promise<Person> {
    const { colorScheme = "light", width = 1440, height = 900 } = options;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, baseURL: serverUrl, locale: "en-GB", timezoneId: "Europe/Amsterdam" });
    const person = new Person(context, await context.newPage());
    const { host } = new URL(serverUrl);
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.host !== host) person.#complaints.push(`request to another host: ${request.url()}`);
    });
    context.on("weberror", (error) => person.#complaints.push(`uncaught error: ${error.error().stack ?? error.error().message}`));
    return person;
  }

  /** Requests to other hosts and uncaught errors so far. A story ends with this being empty. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
