import { parseWallClock, projectFromJSON, type Snapshot, type TaskRecord, wallClockAt } from "@livegantt/core";
import type { ScheduleLookup } from "./scheduleLookup.ts";

export interface ICalOptions {
  /** Moment of the export in milliseconds since the epoch; every event carries it. */
  readonly at: number;
  /** Only these tasks; left out: every task that is no summary and not inactive. */
  readonly tasks?: ReadonlySet<string>;
}

/**
 * Tasks and milestones as calendar events (RFC 5545). Where the project has a time zone, times are instants in UTC; else they are floating, as the plan's own are.
 * Tasks that the schedule does not know are left out.
 */
export function exportICal(plan: Snapshot, schedule: ScheduleLookup, options: ICalOptions): string {
  const state = projectFromJSON(plan);
  const { project } = state;
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//livegantt//plan//EN", "CALSCALE:GREGORIAN", `X-WR-CALNAME:${escapeText(project.name ?? "Plan")}`];
  for (const top of state.children.of(null))
    for (const id of [top, ...state.descendants(top)]) {
      const task = state.tasks.get(id) as TaskRecord;
      const dates = schedule.get(id);
      if (options.tasks ? !options.tasks.has(id) : state.isSummary(id) || task.inactive) continue;
      if (dates?.startDate === undefined || dates.endDate === undefined) continue;
      const path = state.ancestors(id).map((above) => state.tasks.get(above)?.name ?? above);
      const notes = [path.reverse().join(" › "), task.percentDone ? `${task.percentDone} % done` : "", task.note ?? ""].filter(Boolean).join("\n");
      lines.push(
        "BEGIN:VEVENT",
        `UID:${escapeText(`${id}@${project.id}.livegantt`)}`,
        `DTSTAMP:${compact(Math.floor(options.at / 60_000))}Z`,
        `DTSTART:${moment(dates.startDate, project.timeZone)}`,
        ...(dates.startDate === dates.endDate ? [] : [`DTEND:${moment(dates.endDate, project.timeZone)}`]),
        `SUMMARY:${escapeText(task.name ?? "")}`,
        ...(notes === "" ? [] : [`DESCRIPTION:${escapeText(notes)}`]),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
      );
    }
  lines.push("END:VCALENDAR");
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

const escapeText = (text: string): string => text.replace(/[\\;,]/g, (char) => `\\${char}`).replace(/\r\n?|\n/g, "\\n");

/** Minutes since the epoch as `20261102T080000`. */
const compact = (minutes: number): string => new Date(minutes * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, "");

function moment(wall: string, timeZone: string | null | undefined): string {
  const minutes = parseWallClock(wall) ?? 0;
  if (!timeZone) return compact(minutes);
  // Two steps find the instant also across a change of the clocks.
  let instant = minutes;
  for (let step = 0; step < 2; step++) instant += minutes - wallClockAt(instant * 60_000, timeZone);
  return `${compact(instant)}Z`;
}

const longestLine = 75;

/** Lines hold 75 bytes of UTF-8; a continuation begins with a space. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const char of line) {
    const code = char.codePointAt(0) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (size + bytes > longestLine) {
      parts.push(part);
      part = " ";
      size = 1;
    }
    part += char;
    size += bytes;
  }
  return [...parts, part].join("\r\n");
}
