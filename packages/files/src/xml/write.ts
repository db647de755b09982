const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapeXml = (text: string): string =>
  text
    .replace(unwritable, "")
    .replace(/[&<>"]/g, (char) => escapes[char] ?? char)
    .replaceAll("\r", "&#13;");

export type XmlContent = string | number | boolean | null | undefined;

/** Elements in the order in which they are written; unset values are left out, flags are 1 and 0. */
export class XmlWriter {
  readonly #lines: string[] = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'];
  #indent = "";

  /** Several leaf elements, in this order. */
  leaves(values: readonly (readonly [tag: string, value: XmlContent])[]): void {
    for (const [tag, value] of values) {
      if (value == null) continue;
      const text = typeof value === "boolean" ? (value ? "1" : "0") : escapeXml(String(value));
      this.#lines.push(`${this.#indent}<${tag}>${text}</${tag}>`);
    }
  }

  element(tag: string, body: () => void, attributes = ""): void {
    const at = this.#lines.length;
    const outer = this.#indent;
    this.#lines.push(`${outer}<${tag}${attributes}>`);
    this.#indent += "  ";
    body();
    this.#indent = outer;
    if (this.#lines.length === at + 1) this.#lines[at] = `${outer}<${tag}${attributes}/>`;
    else this.#lines.push(`${outer}</${tag}>`);
  }

  toString(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}
