import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkInvariants } from "../model/invariants.ts";
import { projectFromJSON, projectFromSnapshot } from "../model/load.ts";
import { projectToJSON } from "../model/save.ts";
import { applyChangeset } from "./apply.ts";
import { Ledger } from "./ledger.ts";
import type { Applied } from "./outcome.ts";
import { type Beat, contentOf, knowledgeOf, Office, startOf, type Watcher } from "./testing/office.ts";

/** The same stories at every run; as many new ones as PROPERTY_RUNS says. */
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 100) };
const number = fc.nat({ max: 999 });
const beat: fc.Arbitrary<Beat> = fc.record({ who: fc.nat({ max: 2 }), action: number, news: fc.nat({ max: 3 }), a: number, b: number, c: number, d: number });
const story = (maxLength = 25): fc.Arbitrary<Beat[]> => fc.array(beat, { minLength: 1, maxLength, size: "max" });

/** Plays random stories with a watcher at every decision; the last argument checks the end. */
function always(watcher: Watcher, atEnd: (office: Office) => void = () => {}): void {
  fc.assert(
    fc.property(story(), (beats) => atEnd(new Office(watcher).play(beats))),
    runs,
  );
}

describe("random stories of three people on views that lag behind", { timeout: 120_000 }, () => {
  it("P1 every decision leaves a valid project", () => {
    always({ decided: (office) => expect(checkInvariants(office.state)).toEqual([]) });
  });

  it("C3 what is not applied leaves no trace, in the project and in the ledger", () => {
    always({
      remembers: true,
      decided(office, _, outcome, before) {
        if ("normalised" in outcome && !outcome.empty) return;
        expect(contentOf(office.state)).toBe(before.content);
        expect(knowledgeOf(office.ledger)).toBe(before.knowledge);
      },
    });
  });

  it("W4 the newest change can be taken back, in the project and in the ledger", () => {
    always({
      remembers: true,
      decided(office, submission, outcome, before) {
        if (!("normalised" in outcome)) return;
        const after = { content: contentOf(office.state), knowledge: knowledgeOf(office.ledger), revision: office.state.revision };
        outcome.revert();
        expect(contentOf(office.state)).toBe(before.content);
        expect(knowledgeOf(office.ledger)).toBe(before.knowledge);
        // Decided once more, it comes out the same: nothing hidden was left behind.
        applyChangeset(office.state, submission, { ledger: office.ledger, startOf });
        expect({ content: contentOf(office.state), knowledge: knowledgeOf(office.ledger), revision: office.state.revision }).toEqual(after);
      },
    });
  });

  it("K8 the inverse, sent at once by the same person, restores the project", () => {
    always({
      remembers: true,
      decided(office, submission, outcome, before) {
        if (!("normalised" in outcome)) return;
        const undo = { ...submission, revision: submission.revision + 1, baseRevision: office.state.revision, payload: outcome.inverse };
        const undone = applyChangeset(office.state, undo, { ledger: office.ledger, startOf });
        // A link into what became a summary may be given another type, and not that one again (V5).
        if (undone.outcome === "rejected" && undone.error.code === "link_into_summary") return;
        expect(undone).toMatchObject({ outcome: expect.stringMatching(/applied|merged/) });
        expect(contentOf(office.state)).toBe(before.content);
        (undone as Applied).revert();
      },
    });
  });

  it("P2 a replica that applies the log blindly holds the same project", () => {
    always({}, (office) => {
      for (const person of office.people) {
        office.read(person);
        expect(contentOf(person.view)).toBe(contentOf(office.state));
        expect(person.view.revision).toBe(office.state.revision);
      }
    });
  });

  it("W4 the log alone rebuilds the project and the ledger", () => {
    always({}, (office) => {
      const { state, ledger } = office.replayed();
      expect(contentOf(state)).toBe(contentOf(office.state));
      expect(knowledgeOf(ledger)).toBe(knowledgeOf(office.ledger));
    });
  });

  it("D3 project and ledger survive their JSON", () => {
    always({}, (office) => {
      const json = JSON.parse(JSON.stringify(projectToJSON(office.state)));
      expect(projectToJSON(projectFromJSON(json))).toEqual(json);
      expect(projectToJSON(projectFromSnapshot(json))).toEqual(json);
      expect(knowledgeOf(Ledger.fromJSON(JSON.parse(JSON.stringify(office.ledger))))).toBe(knowledgeOf(office.ledger));
    });
  });

  it("K1 no author is told of a conflict with nobody but himself", () => {
    always({
      decided(_, { clientId }, outcome) {
        if (outcome.outcome !== "conflict") return;
        for (const { type, by } of outcome.conflicts) if (type === "concurrent_edit") expect(by?.clientId).not.toBe(clientId);
      },
    });
  });
});
