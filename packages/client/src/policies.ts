import { type Conflict, type Json, type RecordKind, registerOf } from "@livegantt/core";
import type { Resolution } from "./api.ts";

/** What a function decides about a conflict: a resolution, or `ask` to leave it to the person. */
export type PolicyDecision = Resolution | "ask";
export type PolicyFunction = (conflict: Conflict) => PolicyDecision | Promise<PolicyDecision>;
/** `ask`: the inbox. `local`: my edit is sent again. `server`: theirs stays and I am told. */
export type ClientPolicy = "ask" | "local" | "server" | PolicyFunction;
/** By `collection.register` (or `collection.field`), `collection`, or `*`; the most exact one counts. */
export type ClientPolicies = Readonly<Record<string, ClientPolicy>>;

/** What the product's policies say about an entry of the inbox. Only conflicts of values can be decided without a person. */
export function decide(policies: ClientPolicies, conflicts: readonly Conflict[]): PolicyDecision | Promise<PolicyDecision> {
  const decisions = conflicts.map((conflict) => decideOne(policies, conflict));
  return decisions.some((decision) => decision instanceof Promise)
    ? Promise.all(decisions).then((all) => combine(all, conflicts))
    : combine(decisions as PolicyDecision[], conflicts);
}

function decideOne(policies: ClientPolicies, conflict: Conflict): PolicyDecision | Promise<PolicyDecision> {
  if (conflict.type !== "concurrent_edit" || !conflict.fields) return "ask";
  const kind = conflict.collection as RecordKind;
  const [field = ""] = Object.keys(conflict.fields); // all of them are of one register
  const policy = policies[`${kind}.${field}`] ?? policies[`${kind}.${registerOf(kind, field)}`] ?? policies[kind] ?? policies["*"] ?? "ask";
  if (typeof policy === "function") return policy(conflict);
  return policy === "local" ? "keep_local" : policy === "server" ? "accept_server" : "ask";
}

function combine(decisions: readonly PolicyDecision[], conflicts: readonly Conflict[]): PolicyDecision {
  const [first = "ask"] = decisions;
  if (decisions.includes("ask")) return "ask";
  if (decisions.every((decision) => decision === first)) return first;
  const { collection, id } = conflicts[0] as Conflict;
  if (conflicts.some((conflict) => conflict.collection !== collection || conflict.id !== id)) return "ask"; // a merge is of one record
  const merge: Record<string, Json | undefined> = {};
  for (const [i, decision] of decisions.entries()) {
    if (typeof decision === "object") Object.assign(merge, decision.merge);
    else if (decision === "keep_local")
      for (const [field, values] of Object.entries(conflicts[i]?.fields ?? {})) merge[field] = values.local as Json | undefined;
  }
  return { merge };
}
