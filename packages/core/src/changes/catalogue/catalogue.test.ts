import { describe, expect, it } from "vitest";
import { type Collection, collections } from "../../model/collections.ts";
import { checkInvariants } from "../../model/invariants.ts";
import { projectFromJSON } from "../../model/load.ts";
import type { ProjectState } from "../../model/state.ts";
import { captureBaseline, computeSchedule, level } from "../../schedule/index.ts";
import { applyChangeset } from "../apply.ts";
import type { Changeset } from "../changeset.ts";
import { Ledger } from "../ledger.ts";
import type { Outcome } from "../outcome.ts";
import { applyNormalised, replayChange } from "../replicate.ts";
import { contentOf, knowledgeOf } from "../testing/office.ts";
import { decidedElsewhere, pairs, rowCount } from "./pairs.ts";
import { commonPlan, type Ending, type Fragment, type Pair, type Side } from "./plan.ts";

type Plain = Record<string, Record<string, unknown>>;

/** One plan laid over another, field by field; `null` unsets a field and takes a record away. */
function overlay(base: Fragment, over: Fragment | undefined): Fragment {
  const out: Record<string, unknown> = { project: strip({ ...base.project, ...over?.project }) };
  for (const kind of collections) {
    const records: Record<string, unknown> = { ...base[kind] };
    for (const [id, fields] of Object.entries(over?.[kind] ?? {}))
      if (fields === null) delete records[id];
      else records[id] = strip({ ...(records[id] as object | undefined), ...fields });
    out[kind] = records;
  }
  return out as Fragment;
}
const strip = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

const load = (plan: Fragment): ProjectState =>
  projectFromJSON({
    project: plan.project,
    ...Object.fromEntries(collections.map((kind) => [kind, Object.entries(plan[kind] ?? {}).map(([id, fields]) => ({ ...fields, id }))])),
  });

/** What stands in the project, as the table writes it: without order keys. */
function standing(state: ProjectState): Record<string, unknown> {
  const records = (kind: Collection): Plain => Object.fromEntries([...state.map(kind).values()].map(({ id, orderKey: _, ...fields }) => [id, fields]));
  return { project: state.project, ...Object.fromEntries(collections.map((kind) => [kind, records(kind)])) };
}
const withoutKeys = (plan: Fragment): Record<string, unknown> => ({
  ...plan,
  tasks: Object.fromEntries(
    Object.entries(plan.tasks ?? {}).map(([id, fields]) => {
      const { orderKey: _, ...rest } = fields ?? {};
      return [id, rest];
    }),
  ),
});

/** The payload of a side, decided at this moment where it is a command. */
function payloadOf({ sends }: Side, state: ProjectState, inverses: readonly Changeset[]): Changeset {
  if ("undo" in sends) return inverses[sends.undo - 1] as Changeset;
  if (!("command" in sends)) return sends as Changeset;
  return sends.command === "level" ? level(state) : captureBaseline(state, computeSchedule(state), sends.index);
}

function answerOf(outcome: Outcome): string {
  if (outcome.outcome === "rejected") return `rejected, ${outcome.error.code}`;
  if (outcome.outcome === "conflict") return ["conflict", ...outcome.conflicts.map(({ type, id }) => `${type} ${id}`)].join(", ");
  if (outcome.empty) return "nothing";
  return [outcome.outcome, ...outcome.notices.map(({ kind, id }) => `${kind} ${id}`)].join(", ");
}

/** Plays one order on a decider and a replica that applies blindly. */
function play(pair: Pair, sides: readonly (readonly [who: string, side: Side])[]) {
  const start = overlay(commonPlan, pair.given);
  const state = load(start);
  const replica = load(start);
  const restarted = { state: load(start), ledger: new Ledger() };
  const ledger = new Ledger();
  const counters = new Map<string, number>();
  const inverses: Changeset[] = [];
  const send = (clientId: string, payload: Changeset, baseRevision: number): Outcome => {
    const revision = (counters.get(clientId) ?? 0) + 1;
    counters.set(clientId, revision);
    const before = { content: contentOf(state), knowledge: knowledgeOf(ledger) };
    const submission = { clientId, author: { name: clientId }, revision, baseRevision, payload, at: 1000 };
    const outcome = applyChangeset(state, submission, { ledger });
    expect(checkInvariants(state)).toEqual([]);
    if (outcome.outcome === "conflict" || outcome.outcome === "rejected") {
      expect(contentOf(state)).toBe(before.content);
      expect(knowledgeOf(ledger)).toBe(before.knowledge);
      return outcome;
    }
    const undone = applyChangeset(state, { ...submission, revision: revision + 1, baseRevision: state.revision, payload: outcome.inverse }, { ledger });
    expect(contentOf(state)).toBe(before.content);
    if ("revert" in undone) undone.revert();
    inverses.push(outcome.inverse);
    const wire = JSON.parse(JSON.stringify({ payload: outcome.normalised, notices: outcome.notices })) as { payload: Changeset };
    applyNormalised(replica, wire.payload);
    expect(contentOf(replica)).toBe(contentOf(state));
    if (!outcome.empty) replayChange(restarted.state, restarted.ledger, { ...wire, stamp: { revision: state.revision, clientId, name: clientId, at: 1000 } });
    expect(contentOf(restarted.state)).toBe(contentOf(state));
    expect(knowledgeOf(restarted.ledger)).toBe(knowledgeOf(ledger));
    return outcome;
  };
  for (const step of pair.history ?? []) send("anna", step, state.revision);
  const base = state.revision;
  const given = standing(state);
  const answers = sides.map(([who, side]) => {
    const isCommand = "command" in side.sends;
    return answerOf(send(who, payloadOf(side, state, inverses), isCommand ? state.revision : base));
  });
  return { state, given, answers };
}

function expectEnding(pair: Pair, sides: readonly (readonly [string, Side])[], ending: Ending): void {
  const { state, answers } = play(pair, sides);
  expect(answers).toEqual(ending.answers);
  expect(standing(state)).toEqual(withoutKeys(overlay(overlay(commonPlan, pair.given), ending.plan)));
  for (const [parent, order] of Object.entries(ending.order ?? {})) expect(state.children.of(parent === "" ? null : parent)).toEqual(order);
  const schedule = computeSchedule(state);
  for (const [task, start] of Object.entries(ending.starts ?? {})) expect(schedule.tasks.get(task)?.startDate).toBe(start);
  if (ending.violations) expect(schedule.violations.map(({ kind, task }) => `${kind} ${task}`)).toEqual(ending.violations);
}

const named = (pair: Pair): string => `#${pair.row} A ${pair.a.does}, B ${pair.b.does}${pair.c ? `, C ${pair.c.does}` : ""}`;
const sidesOf = ({ a, b, c }: Pair): [string, Side][] => [["anna", a], [b.again ? "anna" : "ben", b], ...(c ? [["cem", c] as [string, Side]] : [])];

describe("K10 the catalogue of concurrent edits", () => {
  it.each(pairs.map((pair) => [named(pair), pair] as const))("K10 %s", (_, pair) => {
    expectEnding(pair, sidesOf(pair), pair.ab);
  });

  it.each(pairs.map((pair) => [named(pair), pair] as const))("K10 the other way round: %s", (_, pair) => {
    expectEnding(pair, sidesOf(pair).reverse(), pair.ba);
  });

  it("K10 no row is missing", () => {
    const rows = new Set([...pairs, ...decidedElsewhere].map(({ row }) => row));
    expect(Array.from({ length: rowCount }, (_, i) => i + 1).filter((row) => !rows.has(row))).toEqual([]);
    expect(decidedElsewhere.map(({ row }) => row)).toEqual([61, 62]);
  });
});
