import type { Locator, Page } from "playwright-core";

export interface SeenRow {
  readonly id: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly bar: string;
}

/** The tree grid and the chart of one person, driven by mouse and keyboard as that person would. */
export class Chart {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  row = (id: string): Locator => this.#page.locator(`.wx-row[data-id=":${id}"]`);
  bar = (id: string): Locator => this.#page.locator(`.wx-bar[data-id=":${id}"]`);
  cell = (id: string, column: string): Locator => this.row(id).locator(`[data-col-id=":${column}"]`);

  /** Task ids from top to bottom. */
  async order(): Promise<string[]> {
    return (await this.seen()).map((row) => row.id);
  }

  /** What stands on the page: every row with its cells, and the place of its bar. Two people who see the same plan see the same. */
  async seen(): Promise<SeenRow[]> {
    return this.#page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".wx-row[data-id]")].map((row) => {
        const id = row.dataset.id?.slice(1) ?? "";
        const bar = document.querySelector<HTMLElement>(`.wx-bar[data-id="${CSS.escape(`:${id}`)}"]`);
        const cells = [...row.querySelectorAll<HTMLElement>("[data-col-id]")].map((cell) => [cell.dataset.colId?.slice(1) ?? "", cell.textContent.trim()]);
        const progress = bar?.querySelector<HTMLElement>(".wx-progress-percent")?.style.width ?? "";
        return { id, cells: Object.fromEntries(cells) as Record<string, string>, bar: bar ? `${bar.style.left} ${bar.style.width} ${progress}` : "" };
      }),
    );
  }

  async select(...ids: readonly string[]): Promise<void> {
    for (const [index, id] of ids.entries()) await this.cell(id, "text").click(index === 0 ? {} : { modifiers: ["ControlOrMeta"] });
  }

  /** Scrolls a row to the middle, so that the chart need not move it when it is clicked. */
  async show(id: string): Promise<void> {
    await this.row(id).evaluate((row) => row.scrollIntoView({ block: "center" }));
  }

  /** Types into a cell of the grid. */
  async type(id: string, column: string, text: string): Promise<void> {
    await this.cell(id, column).dblclick();
    // Keys that come before the editor would be shortcuts of the page.
    await this.#page.locator("[data-testid=chart] input:focus").waitFor();
    await this.#page.keyboard.press("ControlOrMeta+a");
    await this.#page.keyboard.type(text);
    await this.#page.keyboard.press("Enter");
  }

  async moveBar(id: string, byPixels: number): Promise<void> {
    const { x, y, width, height } = await boxOf(this.bar(id));
    await this.#drag([x + width / 3, y + height / 2], [x + width / 3 + byPixels, y + height / 2]);
  }

  async resizeBar(id: string, byPixels: number): Promise<void> {
    const { x, y, width, height } = await boxOf(this.bar(id));
    await this.#drag([x + width - 3, y + height / 2], [x + width - 3 + byPixels, y + height / 2]);
  }

  async dragProgress(id: string, byPixels: number): Promise<void> {
    await this.bar(id).hover();
    const { x, y, width, height } = await boxOf(this.bar(id).locator(".wx-progress-marker"));
    await this.#drag([x + width / 2, y + height / 2], [x + width / 2 + byPixels, y + height / 2]);
  }

  /** Draws a link from the end of one bar to the start of another. */
  async link(from: string, to: string): Promise<void> {
    await this.bar(from).hover();
    const dot = await boxOf(this.bar(from).locator(".wx-link.wx-right"));
    const target = await boxOf(this.bar(to));
    await this.#drag([dot.x + dot.width / 2, dot.y + dot.height / 2], [target.x + 8, target.y + target.height / 2]);
  }

  /** Drags a row to the place of another. */
  async dragRow(id: string, onto: string): Promise<void> {
    const from = await boxOf(this.row(id));
    const to = await boxOf(this.row(onto));
    await this.#drag([from.x + 60, from.y + from.height / 2], [to.x + 60, to.y + 4]);
  }

  async #drag([x1, y1]: [number, number], [x2, y2]: [number, number]): Promise<void> {
    const { mouse } = this.#page;
    await mouse.move(x1, y1);
    await mouse.down();
    await mouse.move(x2, y2, { steps: 8 });
    await mouse.up();
  }
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${locator} is not on the page`);
  return box;
}
