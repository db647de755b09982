import { type Day, minutesPerDay } from "../mspdi/recurrence.ts";
import { mergeSpans, parseClock, type Span, type Spans, type Week } from "../mspdi/week.ts";

export interface XerHours {
  readonly week: Week;
  readonly exceptions: readonly { readonly day: Day; readonly spans: Spans }[];
}

interface Item {
  readonly name: string;
  readonly values: string;
  readonly children: readonly Item[];
}

/** A spreadsheet's day 25569 is 1970-01-01. */
const serialOf1970 = 25_569;
const maxDepth = 16;

/** Primavera's `clndr_data`: nested items `(0||name(values)(items))`. `undefined` where it cannot be read. */
export function readHours(data: string): XerHours | undefined {
  const parsed = readItems(data.replace(/[\u007f\s]+/g, " "), 0, 0);
  const root = parsed?.items[0];
  const days = root?.children.find((item) => item.name === "DaysOfWeek");
  if (!root || !days) return undefined;
  const week: (Spans | undefined)[] = new Array(7).fill([]);
  for (const day of days.children) {
    const index = Number(day.name) - 1;
    if (index >= 0 && index < 7) week[index] = spansIn(day);
  }
  const exceptions = root.children
    .find((item) => item.name === "Exceptions")
    ?.children.flatMap((item) => {
      const serial = Number(/(?:^|\|)d\|(\d{1,6})/.exec(item.values)?.[1]);
      return Number.isInteger(serial) ? [{ day: serial - serialOf1970, spans: spansIn(item) }] : [];
    });
  return { week, exceptions: exceptions ?? [] };
}

function spansIn(item: Item): Spans {
  const spans: Span[] = [];
  for (const { values } of item.children) {
    const from = parseClock(/(?:^|\|)s\|([\d:]+)/.exec(values)?.[1]);
    const to = parseClock(/(?:^|\|)f\|([\d:]+)/.exec(values)?.[1]);
    if (from === undefined || to === undefined) continue;
    const end = to === 0 ? minutesPerDay : to;
    if (end > from) spans.push([from, end]);
  }
  return mergeSpans(spans);
}

/** Items that stand side by side from `at` on. */
function readItems(text: string, at: number, depth: number): { readonly items: Item[]; readonly next: number } | undefined {
  const items: Item[] = [];
  let next = skip(text, at);
  while (text[next] === "(") {
    const head = /^\(\s*\d+\s*\|\|\s*([^()]*?)\s*\(([^()]*)\)\s*\(/.exec(text.slice(next, next + 400));
    if (!head || depth > maxDepth) return undefined;
    const inside = readItems(text, next + head[0].length, depth + 1);
    if (!inside || text[inside.next] !== ")") return undefined;
    const end = skip(text, inside.next + 1);
    if (text[end] !== ")") return undefined;
    items.push({ name: head[1] ?? "", values: head[2] ?? "", children: inside.items });
    next = skip(text, end + 1);
  }
  return { items, next };
}

function skip(text: string, at: number): number {
  let next = at;
  while (text[next] === " ") next++;
  return next;
}
