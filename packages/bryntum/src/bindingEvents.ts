import type { Changeset } from "@livegantt/core";
import type { TouchedIds } from "./apply.ts";
import type { SyncedKind } from "./kinds.ts";
import type { ProjectChange } from "./types.ts";

export interface BindingEvents {
  /** The chart shows what the plan holds, for the first time. */
  ready: Record<string, never>;
  /** Somebody or something changed the chart, before it is known whether that is an edit. */
  changed: ProjectChange;
  /** An edit of this chart became a changeset. */
  captured: { readonly payload: Changeset; readonly intent: string };
  /** A remote change stands in the chart. */
  applied: { readonly touched: TouchedIds; readonly by: string | undefined };
  /** The plan refused an edit (a law, the role): the chart went back to what the plan holds. */
  refused: { readonly payload: Changeset; readonly error: unknown };
  /** The chart's own undo left out what somebody else has changed since. */
  kept: { readonly records: readonly { readonly kind: SyncedKind; readonly id: string }[] };
}
