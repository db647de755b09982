import { toWallClock } from "@livegantt/core";
import { FileError } from "../errors.ts";

export type XerRow = ReadonlyMap<string, string>;

/** Rows of a XER file by table. */
export class XerTables {
  readonly #tables: ReadonlyMap<string, readonly XerRow[]>;

  constructor(text: string) {
    this.#tables = readTables(text);
  }

  rows(table: string): readonly XerRow[] {
    return this.#tables.get(table) ?? [];
  }
}

/**
 * The text is lines of tab-separated cells: `%T` names a table, `%F` its fields, `%R` is a row, `%E` ends the file.
 * @throws FileError `broken_xer` with the line where that order is broken or the end is missing.
 */
function readTables(text: string): Map<string, XerRow[]> {
  const lines = text.split(/\r?\n/);
  const tables = new Map<string, XerRow[]>();
  let rows: XerRow[] | undefined;
  let fields: readonly string[] = [];
  let ended = false;
  for (const [at, line] of lines.entries()) {
    const [mark = "", ...cells] = line.split("\t");
    switch (mark.trim()) {
      case "ERMHDR":
      case "":
        break;
      case "%T": {
        const name = cells[0]?.trim() ?? "";
        rows = tables.get(name) ?? [];
        tables.set(name, rows);
        fields = [];
        break;
      }
      case "%F":
        fields = cells.map((cell) => cell.trim());
        break;
      case "%R":
        if (!rows || fields.length === 0)
          throw new FileError("broken_xer", `line ${at + 1} is a row without a table and its fields: the file is damaged`, { line: at + 1 });
        rows.push(new Map(fields.map((field, i) => [field, cells[i] ?? ""])));
        break;
      case "%E":
        ended = true;
        break;
      default:
        throw new FileError("broken_xer", `line ${at + 1} begins with "${mark.slice(0, 40)}", which is no mark of a XER file: the file is damaged`, {
          line: at + 1,
        });
    }
    if (ended) break;
  }
  if (!ended)
    throw new FileError("broken_xer", `the file ends at line ${lines.length} without its end mark: it is truncated; export it again`, { line: lines.length });
  return tables;
}

/** A cell with content. */
export const cell = (row: XerRow, field: string): string | undefined => row.get(field)?.trim() || undefined;

export function numberIn(row: XerRow, field: string): number | undefined {
  const raw = cell(row, field)?.replace(",", ".");
  const value = raw === undefined || !/^-?\d+(?:\.\d+)?$/.test(raw) ? undefined : Number(raw);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** P6 writes `2019-06-10 08:00`. */
export function dateIn(row: XerRow, field: string): string | undefined {
  const raw = cell(row, field);
  const date = raw === undefined ? undefined : toWallClock(raw);
  return date !== undefined && date >= "1900" && date < "2200" ? date : undefined;
}
