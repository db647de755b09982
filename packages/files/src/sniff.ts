/** What a file is, told by its content; `undefined`: nothing known. */
export type FileFormat = "mspdi" | "xer" | "json" | "mpp" | "zip" | "html" | "pmxml" | "xml" | "pdf" | "csv" | "mpx";

export const formatNames: Readonly<Record<FileFormat, string>> = {
  mspdi: "MS Project XML",
  xer: "Primavera XER",
  json: "JSON",
  mpp: "MS Project's binary MPP (or another old Office file)",
  zip: "a zip archive (such as an Excel workbook)",
  html: "an HTML page",
  pmxml: "Primavera P6 XML",
  xml: "XML of another kind",
  pdf: "PDF",
  csv: "a CSV table",
  mpx: "MS Project's old MPX",
};

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);

/** Formats that are not text. */
export function sniffBytes(bytes: Uint8Array): FileFormat | undefined {
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return "mpp";
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return "zip";
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) return "pdf";
  return undefined;
}

/** A comment before the first element may be long; whatever is longer is no plan. */
const headLength = 65_536;

/** Looks at the first characters only. */
export function sniffText(text: string): FileFormat | undefined {
  const head = text.slice(0, headLength).trimStart();
  if (head.startsWith("ERMHDR")) return "xer";
  if (head.startsWith("MPX,") || head.startsWith("MPX;")) return "mpx";
  if (head.startsWith("{") || head.startsWith("[")) return "json";
  if (head.startsWith("<")) return sniffMarkup(head);
  const [first = ""] = head.split(/\r?\n/, 1);
  return /.[,;\t]./.test(first) && !first.includes("\0") ? "csv" : undefined;
}

function sniffMarkup(head: string): FileFormat {
  if (/^<!doctype\s+html|<html[\s>]/i.test(head)) return "html";
  const root = rootTag(head);
  const name = root?.name.replace(/^.*:/, "");
  if (name === "Project") return "mspdi";
  return name === "APIBusinessObjects" ? "pmxml" : "xml";
}

/** The first element of a document, past declaration, comments and a DOCTYPE. */
function rootTag(text: string): { readonly name: string; readonly at: number } | undefined {
  let at = 0;
  while (at < text.length) {
    at = text.indexOf("<", at);
    if (at < 0) return undefined;
    const close = text.startsWith("<!--", at) ? "-->" : text.startsWith("<?", at) ? "?>" : text.startsWith("<!", at) ? ">" : "";
    if (close === "") {
      const name = /^<([^\s/>]+)/.exec(text.slice(at, at + 300))?.[1];
      return name === undefined ? undefined : { name, at };
    }
    const end = text.indexOf(close, at + 2);
    if (end < 0) return undefined;
    at = end + close.length;
  }
  return undefined;
}
