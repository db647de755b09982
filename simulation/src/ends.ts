import type { LiveProject } from "@livegantt/client";
import type { Changeset, Notice, StoredRecord } from "@livegantt/core";
import { type History, isTold, type Landing } from "./history.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { holds, type Line, linesOf, pairOf, placeKey, registersOf, type Values, writes } from "./values.ts";
import { numberKey, type Wire } from "./wire.ts";

/** The four ends of a value (P4), and the two that are none of the product's doing: its author's own choice, and a crash before it was kept, as the page had said. */
export const ends = [
  "in the plan",
  "replaced in history",
  "in an open conflict",
  "in a rejection",
  "by the author's choice",
  "told to the author",
  "not kept",
] as const;
export type End = (typeof ends)[number];

export interface Accounts {
  readonly counts: Record<End, number>;
  readonly problems: readonly string[];
}

interface Shown {
  readonly conflicts: ReadonlyMap<string, readonly Line[]>;
  readonly rejections: ReadonlyMap<string, readonly Line[]>;
}

/** What each person's open pages show. */
function shownBy(pages: readonly { readonly person: string; readonly live: LiveProject }[]): Shown {
  const conflicts = new Map<string, Line[]>();
  const rejections = new Map<string, Line[]>();
  const add = (map: Map<string, Line[]>, person: string, payload: Changeset): void => {
    map.set(person, [...(map.get(person) ?? []), ...linesOf(payload)]);
  };
  for (const { person, live } of pages) {
    for (const conflict of live.conflicts) {
      add(conflicts, person, conflict.payload);
    }
    for (const { payload } of live.rejections) add(rejections, person, payload);
  }
  return { conflicts, rejections };
}

/** Finds the end of every entered value. A value without one is lost. */
export function account(ledger: Ledger, history: History, wire: Wire, pages: readonly { readonly person: string; readonly live: LiveProject }[]): Accounts {
  const counts = Object.fromEntries(ends.map((end) => [end, 0])) as Record<End, number>;
  const problems: string[] = [];
  const shown = shownBy(pages);
  const acked = takenLines(wire, history);
  for (const entry of ledger.entries) {
    const end = endOf(entry, ledger, history, shown, acked);
    if (typeof end === "string") counts[end]++;
    else
      problems.push(
        `P4 lost: ${entry.person} (${entry.clientId}) entered ${entry.kind}/${entry.id} ${JSON.stringify(entry.value)} (${entry.via}, on revision ${entry.base}, instead of ${JSON.stringify(entry.before)}): ${end.lost}`,
      );
  }
  return { counts, problems };
}

interface Acked {
  readonly line: Line;
  readonly number: string;
  readonly revision: number;
  readonly notices: readonly Notice[];
}

/** Lines of messages that the server took, by client and register: acknowledged, or in the log although the answer was lost. */
function takenLines(wire: Wire, history: History): ReadonlyMap<string, readonly Acked[]> {
  const found = new Map<string, Acked[]>();
  const rows = new Map(history.rows.map((row) => [numberKey(row.clientId, row.clientRevision), row]));
  for (const [number, { lines }] of wire.messages) {
    const row = rows.get(number);
    const answer = wire.answers.get(number);
    if (!row && answer?.type !== "ack") continue;
    const revision = row?.revision ?? answer?.serverRevision ?? 0;
    const notices: readonly Notice[] = [...(answer?.notices ?? []), ...(row?.notices ? JSON.parse(row.notices) : [])];
    const clientId = number.slice(0, number.lastIndexOf("#"));
    for (const line of lines)
      for (const register of registersOf(line)) {
        const key = `${clientId}|${placeKey(line.kind, line.id, register)}`;
        const list = found.get(key);
        const one = { line, number, revision, notices };
        if (list) list.push(one);
        else found.set(key, [one]);
      }
  }
  return found;
}

function endOf(entry: Entry, ledger: Ledger, history: History, shown: Shown, acked: ReadonlyMap<string, readonly Acked[]>): End | { readonly lost: string } {
  const { kind, register, value, clientId, person, pair } = entry;
  const ids = history.idsOf(kind, entry.id, pair);
  for (const id of ids) if (holds(kind, history.state.get(kind, id) as StoredRecord | undefined, value)) return "in the plan";
  // Where its author's older word stands instead, the value may have come back to its author.
  let overruled: { readonly lost: string } | undefined;
  for (const id of ids) {
    const landed = inHistory(entry, ledger, history, id);
    if (typeof landed === "string") return landed;
    // Whoever gave a value up, or was told of its end, does not miss it.
    if (landed && entry.end === "told") return "told to the author";
    if (landed && entry.end === "own") return "by the author's choice";
    overruled ??= landed;
  }
  const says = (lines: readonly Line[] | undefined): boolean =>
    lines?.some(
      (line) =>
        line.kind === kind &&
        (ids.has(line.id) || (line.verb === "added" && pair !== undefined && pairOf(kind, line.fields) === pair)) &&
        (register === "ends" ? line.verb === "added" : writes(line, register, value)),
    ) ?? false;
  if (says(shown.conflicts.get(person))) return "in an open conflict";
  if (says(shown.rejections.get(person))) return "in a rejection";
  // Keys are repaired here and there on the way; what a person means is the parent, and the neighbours of the time.
  const inParent = (): End | { readonly lost: string } | undefined =>
    register === "placement" && "orderKey" in value
      ? endOf({ ...entry, value: { parentId: value.parentId ?? null } }, ledger, history, shown, acked)
      : undefined;
  if (overruled) return inParent() ?? overruled;
  if (entry.end === "own") return "by the author's choice";
  if (entry.end === "told") return "told to the author";

  // S5: a start date that meets an automatic task is its constraint.
  const start = kind === "tasks" && register === "manual" ? value.startDate : undefined;
  if (start !== undefined && history.landings(kind, entry.id, "constraint").some(({ values }) => values?.constraintDate === start))
    return "replaced in history";

  // Acknowledged, and something else stands there: only where a notice says what became of it.
  for (const { line, number, revision, notices } of acked.get(`${clientId}|${placeKey(kind, entry.id, register)}`) ?? []) {
    if (!writes(line, register, value)) continue;
    if ([...ids].some((id) => isTold(notices, kind, id, register, false))) return "replaced in history";
    if (entry.end === undefined && register !== "placement") return { lost: `${number} was taken as revision ${revision}, which does not hold it` };
  }
  if (entry.end === "unkept") return "not kept";
  return inParent() ?? { lost: "it is nowhere" };
}

/** The value stood in the durable plan. Whether others who replaced it had seen it is judged with each revision; here, that its author's own later word is the last. */
function inHistory(entry: Entry, ledger: Ledger, history: History, id: string): End | { readonly lost: string } | undefined {
  const { kind, register, value, base, before, via } = entry;
  // Who undoes the removal of a record brings back what others wrote into it, too: no word of one's own.
  const isWord = before !== undefined || (via !== "undo" && via !== "redo");
  const landings = history.landings(kind, id, register);
  const atBase = landings.findLastIndex(({ revision }) => revision <= base);
  // What stood there when its author began, or was never set: whoever goes back to it has entered nothing that was not in the plan.
  const began = landings[atBase]?.values ?? (atBase < 0 ? (history.initial(kind, id) ?? { id }) : undefined);
  const later = landings.findLastIndex(({ values }, i) => i > atBase && values !== undefined && holds(kind, values, value));
  if (later < 0) return holds(kind, began, value) && !isOwnOlder(entry, ledger, history, landings[atBase + 1]) ? "replaced in history" : undefined;
  const next = landings[later + 1];
  if (isWord && landings[later]?.clientId === entry.clientId && isOwnOlder(entry, ledger, history, next))
    return { lost: `revision ${next?.revision} of its own author replaced it with ${JSON.stringify(next?.values)}, which is older` };
  return "replaced in history";
}

/** Did an older word of the same author replace a value? */
const isOwnOlder = (entry: Entry, ledger: Ledger, history: History, next: Landing | undefined): boolean =>
  next?.clientId === entry.clientId && next.values !== undefined && !isOwnLater(entry, ledger, next.values, history, next.revision);

/** Is what replaced an own value a later one of the same author, or told? */
function isOwnLater(entry: Entry, ledger: Ledger, word: Values, history: History, revision: number): boolean {
  const { kind, id, register, clientId, order } = entry;
  const row = history.rows.find((one) => one.revision === revision);
  if (row?.notices && isTold(JSON.parse(row.notices), kind, history.resolve(kind, id), register, false)) return true;
  const later = [id, history.resolve(kind, id)].flatMap((one) => ledger.of(clientId, kind, one, register));
  // What nobody entered came along with something else that was done: a date that became a constraint, a place that was repaired.
  if (!later.some((other) => holds(kind, word, other.value))) return true;
  return later.some((other) => other.order > order && holds(kind, word, other.value));
}
