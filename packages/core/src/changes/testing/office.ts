import type { Collection } from "../../model/collections.ts";
import { canonicalJson } from "../../model/json.ts";
import { projectFromJSON } from "../../model/load.ts";
import { projectToJSON } from "../../model/save.ts";
import type { ProjectState } from "../../model/state.ts";
import { applyChangeset, type Submission } from "../apply.ts";
import type { Changeset, Notice } from "../changeset.ts";
import { Ledger, type Stamp } from "../ledger.ts";
import type { Applied, Outcome } from "../outcome.ts";
import { applyNormalised, replayChange } from "../replicate.ts";
import { actions, type Dice, together } from "./actions.ts";

/** One step of a random story: who acts, how much of the news they have read, and what they do. */
export interface Beat extends Dice {
  readonly who: number;
  readonly action: number;
  /** 0: on all the news, 1: on none of it, 2: on half of it; 3: another action in the same changeset. */
  readonly news: number;
}

/** The project's content: equal texts are equal projects (P2). */
export const contentOf = (state: ProjectState): string => canonicalJson({ ...projectToJSON(state), revision: 0 });

/** What the ledger knows, independent of the order in which it learnt it. */
export function knowledgeOf(ledger: Ledger): string {
  const { entries, tombstones, aliases, stamps } = ledger.toJSON();
  const at = (n: number): Stamp | null => stamps[n] ?? null;
  return canonicalJson({
    entries: entries
      .map(([key, created, registers, former]) => [
        key,
        at(created),
        Object.fromEntries(Object.entries(registers).map(([name, n]) => [name, at(n)])),
        former ?? [],
      ])
      .sort(byText),
    tombstones: tombstones.map(([kind, record, n]) => [kind, record, at(n)]).sort(byText),
    aliases: [...aliases].sort(byText),
  });
}
const byText = (a: unknown, b: unknown): number => (canonicalJson(a) < canonicalJson(b) ? -1 : 1);

interface Person {
  readonly name: string;
  view: ProjectState;
  readonly inverses: Changeset[];
  readonly restores: Changeset[];
  counter: number;
}

interface Logged {
  readonly payload: Changeset;
  readonly notices: readonly Notice[];
  readonly stamp: Stamp;
}

/** Called around every decision, with what stood before it. */
export interface Watcher {
  /** Asks for what stood before; it costs two texts of everything per decision. */
  readonly remembers?: true;
  decided?(office: Office, submission: Submission, outcome: Outcome, before: { readonly content: string; readonly knowledge: string }): void;
}

const startPlan = {
  project: { id: "plan", startDate: "2026-03-02", calendar: "week" },
  tasks: [
    {
      id: "p",
      name: "P",
      children: [
        { id: "x", name: "X" },
        {
          id: "y",
          name: "Y",
          children: [
            { id: "y1", name: "Y1" },
            { id: "y2", name: "Y2" },
          ],
        },
      ],
    },
    { id: "q", name: "Q", children: [{ id: "z", name: "Z" }] },
    { id: "u", name: "U", manuallyScheduled: true, startDate: "2026-03-04" },
    { id: "v", name: "V", constraintType: "muststarton", constraintDate: "2026-03-05" },
  ],
  dependencies: [
    { id: "d1", from: "u", to: "v" },
    { id: "d2", from: "x", to: "y1" },
    { id: "d3", from: "y2", to: "q", type: 2 },
  ],
  resources: [{ id: "r" }, { id: "s", calendar: "short" }],
  assignments: [
    { id: "a1", event: "x", resource: "r" },
    { id: "a2", event: "u", resource: "s" },
  ],
  calendars: [
    {
      id: "week",
      unspecifiedTimeIsWorking: false,
      intervals: [{ id: "i1", recurrentStartDate: "on Mon at 08:00", recurrentEndDate: "on Mon at 17:00", isWorking: true }],
    },
    { id: "short", parentId: "week", unspecifiedTimeIsWorking: false },
    { id: "idle", unspecifiedTimeIsWorking: false },
  ],
  comments: [{ id: "c1", task: "x", text: "hello", author: "Zoe", createdAt: "2026-01-01T00:00:00.000Z" }],
};

/** A decider, its log, and people who edit on views of their own that lag behind. */
export class Office {
  readonly start = projectToJSON(projectFromJSON(startPlan));
  readonly state = projectFromJSON(this.start);
  readonly ledger = new Ledger();
  readonly log: Logged[] = [];
  readonly people: Person[] = ["ann", "bob", "cem"].map((name) => ({ name, view: projectFromJSON(this.start), inverses: [], restores: [], counter: 0 }));
  readonly #watcher: Watcher;
  #ids = 0;

  constructor(watcher: Watcher = {}) {
    this.#watcher = watcher;
  }

  play(beats: readonly Beat[]): this {
    for (const beat of beats) this.#act(beat);
    return this;
  }

  /** Brings a person's view forward by some of the committed changes, blindly and in order. */
  read(person: Person, upTo: number = this.log.length): void {
    for (const { payload, stamp } of this.log.slice(person.view.revision, upTo)) {
      applyNormalised(person.view, payload);
      person.view.revision = stamp.revision;
    }
  }

  send(person: Person, payload: Changeset, baseRevision = person.view.revision): Outcome {
    person.counter++;
    const submission: Submission = {
      clientId: person.name,
      author: { name: person.name },
      revision: person.counter,
      baseRevision,
      payload,
      at: 1000 * this.log.length,
    };
    const before = this.#watcher.remembers ? { content: contentOf(this.state), knowledge: knowledgeOf(this.ledger) } : { content: "", knowledge: "" };
    const outcome = applyChangeset(this.state, submission, { ledger: this.ledger, startOf });
    this.#watcher.decided?.(this, submission, outcome, before);
    if ("normalised" in outcome && !outcome.empty) this.#commit(person, outcome, submission);
    if (outcome.outcome === "conflict") for (const conflict of outcome.conflicts) if (conflict.restore) person.restores.push(conflict.restore);
    return outcome;
  }

  /** The whole log, replayed from the first plan. */
  replayed(): { readonly state: ProjectState; readonly ledger: Ledger } {
    const state = projectFromJSON(this.start);
    const ledger = new Ledger();
    for (const change of this.log) replayChange(state, ledger, change);
    return { state, ledger };
  }

  #commit(person: Person, { normalised, notices, inverse }: Applied, { clientId, at = 0 }: Submission): void {
    // The log is text: what does not survive JSON would not survive a restart.
    this.log.push(JSON.parse(JSON.stringify({ payload: normalised, notices, stamp: { revision: this.state.revision, clientId, name: clientId, at } })));
    person.inverses.push(JSON.parse(JSON.stringify(inverse)));
  }

  #act(beat: Beat): void {
    const person = this.people[beat.who % this.people.length] as Person;
    const unread = this.log.length - person.view.revision;
    if (beat.news === 0) this.read(person);
    if (beat.news === 2) this.read(person, person.view.revision + Math.ceil(unread / 2));
    const payload = this.#choose(person, beat);
    if (payload !== undefined) this.send(person, payload);
  }

  #choose(person: Person, beat: Beat): Changeset | undefined {
    const n = beat.action % (actions.length + 4);
    if (n === actions.length || n === actions.length + 1) return person.inverses.pop();
    if (n === actions.length + 2) return person.restores.pop();
    if (n === actions.length + 3) return person.inverses[beat.a % Math.max(1, person.inverses.length)];
    const action = (i: number, dice: Dice): Changeset | undefined => actions[i % actions.length]?.(person.view, dice, this.#fresh);
    const first = action(n, beat);
    return beat.news === 3 ? together(first, action(n + beat.a, { a: beat.b, b: beat.c, c: beat.d, d: beat.a })) : first;
  }

  /** Now and then an id that was there before: an undelete, or two clients with one id. */
  readonly #fresh = (kind: Collection): string => {
    this.#ids++;
    return this.#ids % 5 === 0 ? `${kind[0]}n${this.#ids % 3}` : `${kind[0]}${this.#ids}`;
  };
}

/** Some computed start, different for every task. */
export const startOf = (task: string): string => `2026-04-${String(1 + (task.length % 20)).padStart(2, "0")}T08:00:00`;
