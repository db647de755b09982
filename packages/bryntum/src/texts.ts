import type { ConnectionStatus } from "@livegantt/client";
import type { ConflictType } from "@livegantt/core";

/** Every text this package shows. Replace some of them with the `texts` option of the manager. */
export interface BryntumTexts {
  readonly locale: string;
  readonly status: Readonly<Record<ConnectionStatus, string>>;
  retryIn(seconds: number): string;
  unsaved(count: number): string;
  toDecide(count: number): string;
  editing(name: string): string;
  dragging(name: string): string;
  readonly you: string;
  conflictTitle(count: number): string;
  conflictOf(name: string): string;
  readonly conflictIntro: string;
  readonly conflictType: Readonly<Record<ConflictType, string>>;
  by(name: string, when: string): string;
  readonly somebody: string;
  madeAt(when: string): string;
  parked(count: number): string;
  before(value: string): string;
  readonly mine: string;
  readonly theirs: string;
  readonly empty: string;
  readonly yes: string;
  readonly no: string;
  readonly keepMine: string;
  readonly takeTheirs: string;
  readonly restore: string;
  readonly leaveDeleted: string;
  readonly merge: string;
  readonly allOfMine: string;
  readonly allOfTheirs: string;
  loop(names: string): string;
  refused(message: string): string;
  whileYouTyped(name: string): string;
  kept(count: number): string;
  readonly fields: Readonly<Record<string, string>>;
}

export const en: BryntumTexts = {
  locale: "en-GB",
  status: {
    connecting: "Connecting",
    syncing: "Loading",
    live: "Live",
    reconnecting: "Reconnecting",
    offline: "Offline",
    denied: "No access",
    outdated: "Reload the page",
  },
  retryIn: (seconds) => `next try in ${seconds} s`,
  unsaved: (count) => (count === 1 ? "1 change to save" : `${count} changes to save`),
  toDecide: (count) => (count === 1 ? "1 edit needs your choice" : `${count} edits need your choice`),
  editing: (name) => `${name} is editing`,
  dragging: (name) => `${name} is moving this`,
  you: "you",
  conflictTitle: (count) => (count === 1 ? "1 edit needs your choice" : `${count} edits need your choice`),
  conflictOf: (name) => `Conflict: ${name}`,
  conflictIntro: "Somebody changed the same thing before your edit arrived. Both values are kept until you choose.",
  conflictType: {
    concurrent_edit: "Changed by somebody else meanwhile",
    task_not_found: "This task was deleted meanwhile",
    dependency_not_found: "This link was deleted meanwhile",
    resource_not_found: "This resource was deleted meanwhile",
    assignment_not_found: "This assignment was removed meanwhile",
    calendar_not_found: "This calendar was deleted meanwhile",
    comment_not_found: "This comment was deleted meanwhile",
    edited_before_remove: "Somebody edited what you deleted",
    hierarchy_cycle: "A task would stand under itself",
    dependency_cycle: "The links would form a loop",
    missing_reference: "Something your edit refers to is gone",
    duplicate_id: "Something with this id exists already",
    empty_calendar: "A calendar in use would have no working time",
  },
  by: (name, when) => (when ? `changed by ${name}, ${when}` : `changed by ${name}`),
  somebody: "somebody else",
  madeAt: (when) => `you edited ${when}`,
  parked: (count) => (count === 1 ? "1 later edit of yours waits for this choice." : `${count} later edits of yours wait for this choice.`),
  before: (value) => `before: ${value}`,
  mine: "Mine",
  theirs: "Theirs",
  empty: "(empty)",
  yes: "yes",
  no: "no",
  keepMine: "Keep mine",
  takeTheirs: "Take theirs",
  restore: "Restore it with my edit",
  leaveDeleted: "Leave it deleted",
  merge: "Apply my choices",
  allOfMine: "All of mine",
  allOfTheirs: "All of theirs",
  loop: (names) => `Loop: ${names}`,
  refused: (message) => `Your edit was taken back: ${message}`,
  whileYouTyped: (name) => `Changed by ${name} while you typed`,
  kept: (count) =>
    count === 1
      ? "1 record was left as it is: somebody else has changed it since"
      : `${count} records were left as they are: somebody else has changed them since`,
  fields: {},
};

export const nl: BryntumTexts = {
  locale: "nl-NL",
  status: {
    connecting: "Verbinden",
    syncing: "Laden",
    live: "Live",
    reconnecting: "Opnieuw verbinden",
    offline: "Offline",
    denied: "Geen toegang",
    outdated: "Herlaad de pagina",
  },
  retryIn: (seconds) => `volgende poging over ${seconds} s`,
  unsaved: (count) => (count === 1 ? "1 wijziging op te slaan" : `${count} wijzigingen op te slaan`),
  toDecide: (count) => (count === 1 ? "1 wijziging vraagt uw keuze" : `${count} wijzigingen vragen uw keuze`),
  editing: (name) => `${name} is aan het bewerken`,
  dragging: (name) => `${name} verplaatst dit`,
  you: "u",
  conflictTitle: (count) => (count === 1 ? "1 wijziging vraagt uw keuze" : `${count} wijzigingen vragen uw keuze`),
  conflictOf: (name) => `Conflict: ${name}`,
  conflictIntro: "Iemand veranderde hetzelfde voordat uw wijziging aankwam. Beide waarden blijven bewaard tot u kiest.",
  conflictType: {
    concurrent_edit: "Intussen door iemand anders veranderd",
    task_not_found: "Deze taak is intussen verwijderd",
    dependency_not_found: "Deze relatie is intussen verwijderd",
    resource_not_found: "Deze resource is intussen verwijderd",
    assignment_not_found: "Deze toewijzing is intussen verwijderd",
    calendar_not_found: "Deze kalender is intussen verwijderd",
    comment_not_found: "Deze opmerking is intussen verwijderd",
    edited_before_remove: "Iemand bewerkte wat u verwijderde",
    hierarchy_cycle: "Een taak zou onder zichzelf staan",
    dependency_cycle: "De relaties zouden een kring vormen",
    missing_reference: "Iets waarnaar uw wijziging verwijst is weg",
    duplicate_id: "Er bestaat al iets met deze id",
    empty_calendar: "Een gebruikte kalender zou geen werktijd hebben",
  },
  by: (name, when) => (when ? `veranderd door ${name}, ${when}` : `veranderd door ${name}`),
  somebody: "iemand anders",
  madeAt: (when) => `uw wijziging ${when}`,
  parked: (count) => (count === 1 ? "1 latere wijziging van u wacht op deze keuze." : `${count} latere wijzigingen van u wachten op deze keuze.`),
  before: (value) => `eerst: ${value}`,
  mine: "Van mij",
  theirs: "Van de ander",
  empty: "(leeg)",
  yes: "ja",
  no: "nee",
  keepMine: "Houd die van mij",
  takeTheirs: "Neem die van de ander",
  restore: "Herstel met mijn wijziging",
  leaveDeleted: "Laat verwijderd",
  merge: "Pas mijn keuzes toe",
  allOfMine: "Alles van mij",
  allOfTheirs: "Alles van de ander",
  loop: (names) => `Kring: ${names}`,
  refused: (message) => `Uw wijziging is teruggenomen: ${message}`,
  whileYouTyped: (name) => `Veranderd door ${name} terwijl u typte`,
  kept: (count) =>
    count === 1
      ? "1 regel bleef zoals hij is: iemand anders heeft hem sindsdien veranderd"
      : `${count} regels bleven zoals ze zijn: iemand anders heeft ze sindsdien veranderd`,
  fields: {
    name: "Naam",
    note: "Notitie",
    duration: "Duur",
    durationUnit: "Eenheid van duur",
    constraintType: "Beperking",
    constraintDate: "Datum van beperking",
    percentDone: "Procent gereed",
    effort: "Inspanning",
    startDate: "Begin",
    manuallyScheduled: "Handmatig gepland",
    units: "Eenheden",
    lag: "Vertraging",
    calendar: "Kalender",
    deadlineDate: "Deadline",
  },
};

/** Texts for a locale (`nl`, `nl-BE`, `en`, …) with some of them replaced. */
export const textsFor = (locale: string | undefined, some: Partial<BryntumTexts> = {}): BryntumTexts => ({
  ...(locale?.toLowerCase().startsWith("nl") ? nl : en),
  ...some,
});

/** Name of a field for a person: its own text, else its words. */
export function fieldLabel(texts: BryntumTexts, field: string): string {
  const known = texts.fields[field];
  if (known) return known;
  const words = field.replace(/\./g, " ").replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// What JavaScript has words for; a quarter stays a number.
const worded = new Set(["minute", "hour", "day", "week", "month", "year"]);

/** A stored value for a person; `unit`: of a length of time. */
export function valueText(texts: BryntumTexts, value: unknown, unit?: string): string {
  if (value == null || value === "") return texts.empty;
  if (value === true) return texts.yes;
  if (value === false) return texts.no;
  if (typeof value === "number") {
    const words = unit !== undefined && worded.has(unit) ? { style: "unit" as const, unit, unitDisplay: "long" as const } : {};
    return new Intl.NumberFormat(texts.locale, { maximumFractionDigits: 3, ...words }).format(value);
  }
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value) ? wallText(texts, value) : value;
  return JSON.stringify(value, null, 1);
}

// The wall clock as it is, whatever the zone of this machine: formatted as if it were UTC.
function wallText(texts: BryntumTexts, text: string): string {
  const timed = !text.endsWith("T00:00:00");
  return new Intl.DateTimeFormat(texts.locale, { timeZone: "UTC", dateStyle: "medium", ...(timed ? { timeStyle: "short" } : {}) }).format(new Date(`${text}Z`));
}

/** An instant in this person's zone. */
export function momentText(texts: BryntumTexts, iso: string | undefined): string {
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? "" : new Intl.DateTimeFormat(texts.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}
