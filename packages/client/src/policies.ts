import { type Conflict, type Json, type RecordKind, registerOf } from "@livegantt/core";
import type { Resolution } from "./api.ts";

/** What a function decides about a conflict: a resolution, or `ask` to leave it to the person. */
export type PolicyDecision = Resolution | "ask";
export type PolicyFunction = (conflict: Conflict) => PolicyDecision | Promise<PolicyDecision>;
/** `ask`: the inbox. `local`: my edit is sent again. `server`: theirs stays and I am told. */
export type ClientPolicy = "ask" | "local" | "server" | PolicyFunction;
/** By `collection.register` (or `collection.field`), `collection`, or `*`; the most exact one counts. */
export type ClientPolicies = Readonly<Record<string, ClientPolicy>>;

/** What the product's policies say about a conflict. Only conflicts of values can be decided without a person. */
export function decide(policies: ClientPolicies, conflicts: readonly Conflict[]): PolicyDecision | Promise<PolicyDecision> {
  const conflict = conflicts[0];
  if (!conflict || conflicts.length > 1 || conflict.type !== "concurrent_edit" || !conflict.fields) return "ask";
  const kind = conflict.collection as RecordKind;
  const merge: Record<string, Json | undefined> = {};
  let mine = 0;
  let theirs = 0;
  for (const field in conflict.fields) {
    const policy = policies[`${kind}.${field}`] ?? policies[`${kind}.${registerOf(kind, field)}`] ?? policies[kind] ?? policies["*"] ?? "ask";
    if (typeof policy === "function") return policy(conflict);
    if (policy === "ask") return "ask";
    if (policy === "server") theirs++;
    else {
      mine++;
      merge[field] = conflict.fields[field]?.local as Json | undefined;
    }
  }
  if (theirs === 0) return "keep_local";
  return mine === 0 ? "accept_server" : { merge };
}
