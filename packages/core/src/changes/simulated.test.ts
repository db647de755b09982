import { describe, expect, it } from "vitest";
import { checkInvariants } from "../model/invariants.ts";
import type { Changeset } from "./changeset.ts";
import type { Applied, Conflicted, Outcome } from "./outcome.ts";
import { Office } from "./testing/office.ts";

/** Stories that the simulation found, each told once. `base` 0: on none of the news. */
function office() {
  const plan = new Office();
  const [ann, bob] = plan.people;
  if (!ann || !bob) throw new Error("an office has people");
  const send = (person: typeof ann, payload: Changeset, base?: number): Outcome => {
    plan.read(person);
    const outcome = plan.send(person, payload, base);
    expect(checkInvariants(plan.state)).toEqual([]);
    return outcome;
  };
  return { plan, state: plan.state, ann, bob, send };
}

const cascadedIn = (outcome: Outcome): string[] =>
  (outcome as Applied).notices.filter(({ kind }) => kind === "cascaded").map(({ collection, id }) => `${collection}/${id}`);

describe("what the simulation found", () => {
  it("K8 units that the remover of the task had not seen are told when they go", () => {
    const { send, ann, bob } = office();
    send(ann, { assignments: { updated: [{ id: "a1", changes: { units: 31 }, was: { units: null } }] } });
    const outcome = send(bob, { tasks: { removed: [{ id: "x", seen: { tasks: [], dependencies: ["d2"], assignments: ["a1"] } }] } }, 0);
    expect(cascadedIn(outcome)).toEqual(["assignments/a1"]);
  });

  it("K8 a reply that the remover of the comment had not seen is told when it goes", () => {
    const { send, ann, bob, state } = office();
    send(ann, { comments: { added: [{ id: "c2", task: "x", parent: "c1", text: "And another" }] } });
    const outcome = send(bob, { comments: { removed: [{ id: "c1" }] } }, 0);
    expect(cascadedIn(outcome)).toEqual(["comments/c2"]);
    expect(state.comments.size).toBe(0);
  });

  it("V11 a reply on another task goes with the comment that goes with its task", () => {
    const { send, ann, state } = office();
    send(ann, { comments: { added: [{ id: "c2", task: "z", parent: "c1", text: "See there" }] } });
    send(ann, { tasks: { removed: [{ id: "x" }] } });
    expect(state.comments.size).toBe(0);
  });

  it("K3 a task that was moved to a taken key was moved: who removes it unseen is told in a conflict", () => {
    const { send, ann, bob, state } = office();
    const taken = state.tasks.get("u")?.orderKey ?? "";
    send(ann, { tasks: { updated: [{ id: "z", changes: { parentId: null, orderKey: taken } }] } });
    expect(state.tasks.get("z")?.orderKey).not.toBe(taken);
    const outcome = send(bob, { tasks: { removed: [{ id: "z", seen: {} }] } }, 0);
    expect((outcome as Conflicted).conflicts.map(({ type, id }) => `${type} ${id}`)).toEqual(["edited_before_remove z"]);
  });

  it("K3 a task that somebody brought back since is another one than its remover had seen", () => {
    const { send, ann, bob } = office();
    send(ann, { tasks: { updated: [{ id: "v", changes: { note: "Wet" }, was: { note: null } }] } });
    const removal = send(ann, { tasks: { removed: [{ id: "v" }] } });
    send(ann, (removal as Applied).inverse);
    const outcome = send(bob, { tasks: { removed: [{ id: "v", seen: { dependencies: ["d1"] } }] } }, 0);
    expect((outcome as Conflicted).conflicts.map(({ type, id, by }) => `${type} ${id} ${by?.name}`)).toEqual(["edited_before_remove v ann"]);
  });
});
