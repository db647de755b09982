export type FileErrorCode =
  /** More bytes than the limit. */
  | "too_large"
  | "empty_file"
  /** A file of another known format than the one asked for, or one that cannot be read at all. */
  | "wrong_format"
  | "unknown_format"
  /** A DOCTYPE or entity declaration: could expand without bound or name outside files. */
  | "unsafe_xml"
  | "broken_xml"
  | "broken_xer"
  | "broken_csv"
  | "broken_json"
  /** JSON that is no lawful plan. */
  | "invalid_plan"
  | "bad_encoding";

/** A file that is refused whole. `action` says what the person can do; `line` and `path` say where. */
export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly action = "fix";
  readonly line?: number;
  readonly path?: string;

  constructor(code: FileErrorCode, message: string, place: { readonly line?: number; readonly path?: string } = {}) {
    super(message);
    this.name = "FileError";
    this.code = code;
    if (place.line !== undefined) this.line = place.line;
    if (place.path !== undefined) this.path = place.path;
  }
}
