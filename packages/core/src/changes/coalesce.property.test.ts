import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Collection, collections, type RecordKind, type StoredRecord } from "../model/collections.ts";
import { sameValue } from "../model/fields.ts";
import { projectFromJSON } from "../model/load.ts";
import { projectToJSON } from "../model/save.ts";
import type { ProjectState } from "../model/state.ts";
import { applyChangeset } from "./apply.ts";
import type { Changeset } from "./changeset.ts";
import { canCoalesce, coalesce } from "./coalesce.ts";
import { actions, type Dice } from "./testing/actions.ts";
import { Office, startOf } from "./testing/office.ts";

/** The same stories at every run; as many new ones as PROPERTY_RUNS says. */
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const number = fc.nat({ max: 999 });
const beats = fc.array(fc.record({ action: number, a: number, b: number, c: number, d: number }), { minLength: 2, maxLength: 5, size: "max" });

/** One author's successive edits on the own view, those that the laws allow, with the view before and after them. */
function session(steps: readonly (Dice & { readonly action: number })[]) {
  const start = new Office().start;
  const view = projectFromJSON(start);
  const sent: Changeset[] = [];
  const inverses: Changeset[] = [];
  let ids = 0;
  const fresh = (kind: Collection): string => `new-${kind[0]}${++ids}`;
  for (const { action, ...dice } of steps) {
    const payload = actions[action % actions.length]?.(view, dice, fresh);
    if (!payload) continue;
    const outcome = applyChangeset(view, { clientId: "ann", revision: 1, baseRevision: 0, payload }, { startOf });
    if (!("normalised" in outcome)) continue;
    // On the own view nobody takes a key that is taken.
    if (outcome.notices.some(({ kind }) => kind === "key_repaired")) {
      outcome.revert();
      continue;
    }
    sent.push(placed(payload, view));
    inverses.push(outcome.inverse);
  }
  return { start, view, sent, inverses };
}

/** As a chart sends it: rows have the place that their author sees. Keyless rows come last whenever they are applied. */
function placed({ tasks, ...rest }: Changeset, view: ProjectState): Changeset {
  const keyOf = (id: string): string | null => view.tasks.get(id)?.orderKey ?? null;
  if (!tasks) return rest;
  const added = tasks.added?.map((record) => ({ ...record, orderKey: record.orderKey ?? keyOf(record.id) }));
  const updated = tasks.updated?.map((edit) =>
    "parentId" in edit.changes || "orderKey" in edit.changes
      ? { ...edit, changes: { ...edit.changes, orderKey: edit.changes.orderKey ?? keyOf(edit.id) } }
      : edit,
  );
  return { ...rest, tasks: { ...tasks, ...(added ? { added } : {}), ...(updated ? { updated } : {}) } };
}

const unsaid = new Set(["orderKey", "author", "createdAt"]);
/** What the project means: siblings in order whatever their keys, defaults whether they are spelt out or not; who wrote a comment is the decider's to know. */
function meaningOf(state: ProjectState): unknown {
  const snapshot = projectToJSON(state);
  const told = (kind: RecordKind, record: StoredRecord) =>
    Object.fromEntries(Object.entries(record).filter(([field, value]) => !unsaid.has(field) && !sameValue(kind, field, value, null)));
  return [told("project", snapshot.project), ...collections.map((kind) => snapshot[kind].map((record) => told(kind, record)))];
}

/** Coalesces from the first on, as far as one changeset can say it all; the rest follows on its own. */
function joined(changesets: readonly Changeset[]): Changeset[] {
  const out: Changeset[] = [];
  for (const next of changesets) {
    const last = out.at(-1);
    if (last && canCoalesce(last, next)) out[out.length - 1] = coalesce([last, next]);
    else out.push(next);
  }
  return out;
}

describe("successive edits of one author", { timeout: 120_000 }, () => {
  it("C4 coalesced they have the effect that they had in turn", () => {
    fc.assert(
      fc.property(beats, (steps) => {
        const { start, view, sent } = session(steps);
        const other = projectFromJSON(start);
        for (const payload of joined(sent))
          expect(applyChangeset(other, { clientId: "ann", revision: 1, baseRevision: 0, payload }, { startOf })).toHaveProperty("normalised");
        expect(meaningOf(other)).toEqual(meaningOf(view));
      }),
      runs,
    );
  });

  it("O3 their inverses, coalesced from the last to the first, take all of them back", () => {
    fc.assert(
      fc.property(beats, (steps) => {
        const { start, view, inverses } = session(steps);
        for (const payload of joined(inverses.reverse()))
          expect(applyChangeset(view, { clientId: "ann", revision: 1, baseRevision: 0, payload }, { startOf })).toHaveProperty("normalised");
        expect(meaningOf(view)).toEqual(meaningOf(projectFromJSON(start)));
      }),
      runs,
    );
  });
});
