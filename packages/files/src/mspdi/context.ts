import { toWallClock } from "@livegantt/core";
import type { ImportOptions, ReportBuilder } from "../report.ts";
import { textOf, type XmlElement } from "../xml/read.ts";
import type { UnitLengths } from "./duration.ts";

/** What every part of one import shares. */
export interface ImportContext {
  readonly report: ReportBuilder;
  readonly lengths: UnitLengths;
  /** A fresh record id; `readable` is taken where the caller does not make ids. */
  id(readable: string): string;
}

export function makeContext(report: ReportBuilder, lengths: UnitLengths, options: ImportOptions): ImportContext {
  const taken = new Set<string>();
  const { newId } = options;
  return {
    report,
    lengths,
    id(readable) {
      if (newId) return newId();
      let id = readable.slice(0, 56);
      for (let n = 2; taken.has(id); n++) id = `${readable.slice(0, 56)}-${n}`;
      taken.add(id);
      return id;
    },
  };
}

/** A date of the file as wall-clock text; MSPDI dates carry no zone, an offset is taken as written by UTC clocks. */
export function dateOf(element: XmlElement, tag: string): string | undefined {
  const raw = textOf(element, tag);
  const date = raw === undefined ? undefined : toWallClock(raw.trim());
  // MS Project writes years around 1984 and 2049 at the ends of its range; others are damage.
  return date !== undefined && date >= "1900" && date < "2200" ? date : undefined;
}

/** "Pour slab" (UID 12) */
export const named = (name: string | undefined | null, uid: string | number | undefined): string => `"${name || "unnamed"}" (UID ${uid ?? "missing"})`;

const maxName = 255;
const maxNote = 65_536;

export function nameOf(element: XmlElement, what: string, where: string, report: ReportBuilder, tag = "Name"): string {
  const raw = (textOf(element, tag) ?? "").replace(/\s+/g, " ").trim();
  if (raw.length > maxName) report.adjusted(what, where, `its name has ${raw.length} characters; the first ${maxName} are kept`);
  return cut(raw, maxName);
}

export function noteOf(element: XmlElement, where: string, report: ReportBuilder): string | undefined {
  const raw = textOf(element, "Notes")?.replace(/\r\n?/g, "\n");
  if (raw !== undefined && raw.length > maxNote) report.adjusted("note", where, `the note has ${raw.length} characters; the first ${maxNote} are kept`);
  return raw === undefined ? undefined : cut(raw, maxNote);
}

/** Never in the middle of a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
