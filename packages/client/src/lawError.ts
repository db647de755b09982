import type { Changeset, Conflict, Outcome } from "@livegantt/core";
import { ClientError } from "./errors.ts";

/** Why the laws do not allow an own edit, in words for the person who made it. */
export function lawError(outcome: Exclude<Outcome, { readonly normalised: Changeset }>): ClientError {
  if (outcome.outcome === "rejected")
    return new ClientError(outcome.error.code, "fix", outcome.error.message, outcome.error.path === undefined ? {} : { path: outcome.error.path });
  const [first] = outcome.conflicts;
  const path = first?.path?.map(({ name }) => name).join(" → ");
  const messages: Partial<Record<Conflict["type"], string>> = {
    dependency_cycle: `This would close a loop of dependencies: ${path}.`,
    hierarchy_cycle: `A task cannot stand under itself: ${path}.`,
    missing_reference: `The ${first?.collection ?? "record"} "${first?.id}" refers to something that does not exist in this project.`,
    duplicate_id: `The id "${first?.id}" is taken.`,
    empty_calendar: "A calendar that is in use must keep some working time.",
  };
  return new ClientError(
    first?.type ?? "conflict",
    "fix",
    messages[first?.type ?? "concurrent_edit"] ?? `The plan does not allow this edit (${first?.type}).`,
    { conflicts: outcome.conflicts },
  );
}
