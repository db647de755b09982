import type { LiveProject, Transaction } from "@livegantt/client";

/** What an edit reads: inputs and computed dates. */
export type Plan = Pick<LiveProject, "state" | "schedule">;
/** What an edit writes to: all writes of one edit are one step. */
export type Writer = Transaction;
