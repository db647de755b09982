import type { Limits as PlanLimits } from "@livegantt/core";
import type { Logger } from "pino";
import type { Deliveries } from "../embedding/deliveries.ts";
import type { Seeding } from "../embedding/seeding.ts";
import type { Scheduler } from "../interfaces/scheduler.ts";
import type { Store } from "../interfaces/store.ts";
import type { Limits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import type { Committer } from "./committer.ts";
import type { PresencePeers } from "./presence.ts";

/** What all rooms of a server share. */
export interface House {
  readonly store: Store;
  readonly committer: Committer;
  readonly limits: Limits;
  readonly planLimits: PlanLimits;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: () => number;
  readonly scheduler: Scheduler;
  /** Absent where this server is the only one. */
  readonly peers: PresencePeers | undefined;
  /** Where projects come from that the store does not know. */
  readonly seeding: Seeding | undefined;
  /** Who hears of every change once it is on disk. */
  readonly deliveries: Deliveries | undefined;
}
