import { FileError } from "./errors.ts";
import { formatNames, sniffBytes } from "./sniff.ts";

/** Largest file that is read, in bytes (characters where text is given). */
export const maxFileSize = 64 * 1024 * 1024;

const ascii = (bytes: Uint8Array, length: number): string => String.fromCharCode(...bytes.subarray(0, length));

/**
 * The text of a file: UTF-8, UTF-16, or the encoding that its XML declaration names (`fallback` where nothing says).
 * @throws FileError where it is too large, empty, a known binary format, or not text in that encoding.
 */
export function decodeFile(file: string | Uint8Array, fallback = "utf-8"): string {
  if (file.length > maxFileSize)
    throw new FileError("too_large", `the file has ${file.length} bytes; the limit is ${maxFileSize} (64 MiB): split the project into several files`);
  if (typeof file === "string") return checked(file.startsWith("\ufeff") ? file.slice(1) : file);
  const binary = sniffBytes(file);
  if (binary)
    throw new FileError(
      "wrong_format",
      `this file is ${formatNames[binary]}: ${binary === "mpp" ? 'save it in MS Project with "Save as type: XML"' : "save it as MS Project XML"} and import that`,
    );
  const encoding = encodingOf(file) ?? fallback;
  try {
    return checked(new TextDecoder(encoding, { fatal: true }).decode(file));
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError("bad_encoding", `the file is not text in ${encoding}, the encoding that it claims: save it as UTF-8`);
  }
}

function checked(text: string): string {
  if (text.trim() === "") throw new FileError("empty_file", "the file is empty: choose another one");
  return text;
}

function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0)) return "utf-16le";
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0x3c)) return "utf-16be";
  return /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(ascii(bytes, 256))?.[1]?.toLowerCase();
}
