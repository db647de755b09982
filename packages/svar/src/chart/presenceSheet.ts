import type { RemoteSelection } from "@livegantt/client";

/** `data-id` as the chart writes it: texts carry a colon in front, so that "7" and 7 differ. */
const dataId = (id: string): string => CSS.escape(`:${id}`);
const color = (text: string): string => (/^(#[0-9a-f]{3,8}|[a-z]+\([\d\s.,%/a-z-]*\)|[a-z]+)$/i.test(text) ? text : "currentColor");
/** Where the name of whoever is on a row is written. */
const nameColumn = "text";
/** A CSS string of any text. Line breaks would end it. */
const cssText = (text: string): string => `"${text.replace(/["\\]/g, "\\$&").replace(/[\n\r\f]/g, " ")}"`;

/**
 * Frames around what the others have selected, edit or drag, in their colours with their names: rules of one style sheet, so that no row is drawn anew.
 * `columnOf` names the grid column of a field; a field without one frames the whole row.
 */
export function presenceRules(
  selections: Iterable<RemoteSelection>,
  columnOf: (field: string) => string | undefined,
  editing: (name: string) => string,
): string[] {
  const rules: string[] = [];
  for (const { taskId, field, mode, color: given, userName } of selections) {
    if (taskId === null) continue;
    const id = dataId(taskId);
    const paint = color(given);
    const column = field === undefined ? undefined : columnOf(field);
    const row = `.wx-table-container .wx-row[data-id="${id}"]`;
    const target = column === undefined ? row : `.wx-table-container .wx-cell[data-row-id="${id}"][data-col-id="${dataId(column)}"]`;
    const name = cssText(mode === "select" || mode === undefined ? userName : editing(userName));
    const tagged = `.wx-table-container .wx-cell[data-row-id="${id}"][data-col-id="${dataId(nameColumn)}"]`;
    rules.push(
      // Cells paint over a row's inner shadow, and the grid takes outlines off cells.
      column === undefined
        ? `${target}{outline:var(--lg-frame-width,2px) solid ${paint};outline-offset:calc(-1 * var(--lg-frame-width,2px))}`
        : `${target}{box-shadow:inset 0 0 0 var(--lg-frame-width,2px) ${paint}}`,
      `${tagged}{position:relative}`,
      `${tagged}::after{content:${name};background:${paint}}`,
      `.wx-bars .wx-bar[data-id="${id}"]{outline:var(--lg-frame-width,2px) ${mode === "drag" ? "solid" : "dashed"} ${paint};outline-offset:1px}`,
    );
  }
  return rules;
}

export class PresenceSheet {
  readonly #sheet = new CSSStyleSheet();
  readonly #root: Document | ShadowRoot;
  #text = "";

  constructor(root: Document | ShadowRoot) {
    this.#root = root;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
  }

  show(rules: readonly string[]): void {
    const text = rules.join("\n");
    if (text === this.#text) return;
    this.#text = text;
    this.#sheet.replaceSync(text);
  }

  remove(): void {
    this.#root.adoptedStyleSheets = this.#root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }
}
