import { FileError } from "./errors.ts";
import { importJson } from "./json.ts";
import { importMspdi } from "./mspdi/importMspdi.ts";
import type { ImportOptions, ImportResult } from "./report.ts";
import { formatNames, sniffBytes, sniffText } from "./sniff.ts";
import { importCsv } from "./table/importCsv.ts";
import { decodeFile } from "./text.ts";
import { importXer } from "./xer/importXer.ts";

/**
 * A plan from a file of any known format, told by its content. The file's name names the project where the file itself does not.
 * @throws FileError `unknown_format` with what it seems to be, or why a known format cannot be read.
 */
export function importFile(file: Uint8Array, filename: string, options: ImportOptions = {}): ImportResult {
  const binary = sniffBytes(file);
  const format = binary ?? sniffText(startOf(file));
  const fallbackName = filename
    .replace(/^.*[\\/]/, "")
    .replace(/\.[^.]*$/, "")
    .slice(0, 255);
  const named = { ...(fallbackName === "" ? {} : { fallbackName }), ...options };
  switch (format) {
    case "mspdi":
      return importMspdi(file, named);
    case "xer":
      return importXer(file, named);
    case "csv":
      return importCsv(file, named);
    case "json":
      return importJson(file, named);
    default:
      throw new FileError(
        "unknown_format",
        `"${filename.slice(0, 100)}" is ${format ? formatNames[format] : "of an unknown format"}: choose MS Project XML, Primavera XER, a CSV table or a JSON plan`,
      );
  }
}

/** Enough to tell the format, whatever the encoding. */
function startOf(file: Uint8Array): string {
  const head = file.subarray(0, 65_536);
  try {
    return decodeFile(head, "windows-1252");
  } catch (error) {
    // The head may end in the middle of a character.
    if (error instanceof FileError && error.code === "bad_encoding") return String.fromCharCode(...head.subarray(0, 4096));
    throw error;
  }
}
