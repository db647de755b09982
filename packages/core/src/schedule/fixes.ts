import type { Changeset, Registers } from "../changes/changeset.ts";
import type { ProjectState } from "../model/state.ts";
import { formatWallClock } from "../model/wallClock.ts";
import type { Fix } from "./types.ts";

type Changed = "tasks" | "dependencies" | "assignments";

/** Ready changesets that resolve a violation. Each carries what its author saw, so that it is judged like any edit. */
export class Fixes {
  readonly #state: ProjectState;

  constructor(state: ProjectState) {
    this.#state = state;
  }

  update(label: string, kind: Changed, id: string, changes: Registers): Fix {
    const record = this.#state.get(kind, id);
    const was = Object.fromEntries(Object.keys(changes).map((field) => [field, record?.[field] ?? null]));
    return { label, changeset: { [kind]: { updated: [{ id, changes, was }] } } as Changeset };
  }

  project(label: string, changes: Registers): Fix {
    const record = this.#state.project;
    const was = Object.fromEntries(Object.keys(changes).map((field) => [field, record[field] ?? null]));
    return { label, changeset: { project: { updated: [{ id: record.id, changes, was }] } } };
  }

  removeLink(id: string): Fix {
    return { label: "Remove the link", changeset: { dependencies: { removed: [{ id }] } } };
  }

  dropConstraint(task: string): Fix {
    return this.update("Remove the constraint", "tasks", task, { constraintType: null, constraintDate: null });
  }

  moveConstraint(task: string, at: number): Fix {
    const { constraintType } = this.#state.tasks.get(task) ?? {};
    return this.update("Move the constraint", "tasks", task, { constraintType: constraintType ?? null, constraintDate: formatWallClock(at) });
  }

  moveManual(task: string, at: number): Fix {
    return this.update("Move the task", "tasks", task, { manuallyScheduled: true, startDate: formatWallClock(at) });
  }

  automatic(task: string): Fix {
    return this.update("Schedule the task automatically", "tasks", task, { manuallyScheduled: false, startDate: null });
  }

  moveDeadline(task: string, at: number): Fix {
    return this.update("Move the deadline", "tasks", task, { deadlineDate: formatWallClock(at) });
  }
}
