import { XMLParser, XMLValidator } from "fast-xml-parser";
import { FileError } from "../errors.ts";

/** One element: its child elements by name (an array where a name stands twice), or its text. */
export interface XmlElement {
  readonly [tag: string]: XmlValue | undefined;
}
type XmlValue = string | XmlElement | readonly (string | XmlElement)[];

const cdata = "#cdata";
const text = "#text";

const parser = () =>
  new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    removeNSPrefix: true,
    // Entities are decoded by `decode` below, which knows the five of XML and numbers, and expands nothing.
    processEntities: false,
    cdataPropName: cdata,
    maxNestedTags: 32,
  });

/**
 * The root element of a well-formed document.
 * @throws FileError `unsafe_xml` for any DOCTYPE or entity declaration, `broken_xml` with the line where it is not well-formed.
 */
export function readXml(xml: string, root: string): XmlElement {
  const declaration = /<!(?:DOCTYPE|ENTITY)/i.exec(xml);
  if (declaration)
    throw new FileError(
      "unsafe_xml",
      "the file has a DOCTYPE or entity declaration, which could expand without bound or read other files: remove it and import again",
      {
        line: lineOf(xml, declaration.index),
      },
    );
  let document: XmlElement;
  try {
    const valid = XMLValidator.validate(xml);
    if (valid !== true) throw brokenXml(xml, valid.err);
    document = parser().parse(xml) as XmlElement;
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError("broken_xml", `the XML cannot be read: ${clip(error instanceof Error ? error.message : String(error))}`);
  }
  const found = Object.keys(document);
  const element = document[root];
  if (found.length !== 1 || typeof element !== "object" || Array.isArray(element))
    throw new FileError(
      "broken_xml",
      `the file must hold one <${root}> with content; it holds ${clip(found.map((tag) => `<${tag}>`).join(", ")) || "no element"}`,
    );
  return element as XmlElement;
}

function brokenXml(xml: string, problem: { readonly msg: string; readonly line?: number }): FileError {
  const open = /^Invalid '(\[.*\])' found/s.exec(problem.msg)?.[1];
  const unclosed = /^Unclosed tag/.test(problem.msg);
  if (open !== undefined || unclosed) {
    const line = lineOf(xml, xml.length);
    const tags =
      open
        ?.match(/[A-Za-z][\w.-]*/g)
        ?.slice(-3)
        .map(clip) ?? [];
    return new FileError("broken_xml", `the file ends at line ${line} inside <${tags.join("> <") || "an element"}>: it is truncated; export it again`, {
      line,
    });
  }
  return new FileError("broken_xml", `the XML is broken in line ${problem.line ?? 1}: ${clip(problem.msg)}`, { line: problem.line ?? 1 });
}

/** Messages are short: a damaged file may hold a name of a million letters. */
const clip = (message: string): string => (message.length > 300 ? `${message.slice(0, 300)}…` : message);

function lineOf(xml: string, index: number): number {
  let line = 1;
  for (let at = xml.indexOf("\n"); at >= 0 && at < index; at = xml.indexOf("\n", at + 1)) line++;
  return line;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));/g, (whole, name: string | undefined, decimal?: string, hex?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Characters that no name or note may carry: databases refuse NUL, and half a surrogate pair is no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text of a child element; `undefined` where it is missing or empty. */
export function textOf(element: XmlElement, tag: string): string | undefined {
  const value = Object.hasOwn(element, tag) ? element[tag] : undefined;
  const first = Array.isArray(value) ? (value as readonly (string | XmlElement)[])[0] : (value as string | XmlElement | undefined);
  if (first === undefined || first === "") return undefined;
  const found = typeof first === "string" ? decode(first) : decode(plain(first[text])) + plain(first[cdata]);
  return found === "" ? undefined : found.replace(unwritable, "");
}

const plain = (value: XmlValue | undefined): string =>
  typeof value === "string" ? value : Array.isArray(value) ? value.filter((part) => typeof part === "string").join("") : "";

/** A finite number in a child element. */
export function numberOf(element: XmlElement, tag: string): number | undefined {
  const raw = textOf(element, tag);
  if (raw === undefined || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(raw.trim())) return undefined;
  const value = Number(raw);
  return Number.isFinite(value) ? value : undefined;
}

/** `1`, `true` and `-1` (which some writers use) are true. */
export function flagOf(element: XmlElement, tag: string): boolean | undefined {
  const raw = textOf(element, tag)?.trim().toLowerCase();
  return raw === undefined ? undefined : raw === "1" || raw === "true" || raw === "-1";
}

export function childOf(element: XmlElement, tag: string): XmlElement | undefined {
  return childrenOf(element, tag)[0];
}

/** Child elements of one name that have content, in the file's order. */
export function childrenOf(element: XmlElement, tag: string): readonly XmlElement[] {
  const value = Object.hasOwn(element, tag) ? element[tag] : undefined;
  const list = Array.isArray(value) ? (value as readonly (string | XmlElement)[]) : value === undefined ? [] : [value as string | XmlElement];
  return list.filter((child): child is XmlElement => typeof child === "object");
}

/** Rows of a list element, such as `<Tasks><Task>…`. */
export const rowsOf = (element: XmlElement, list: string, row: string): readonly XmlElement[] =>
  childrenOf(element, list).flatMap((child) => [...childrenOf(child, row)]);
