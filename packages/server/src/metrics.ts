import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { version } from "./version.ts";

const seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Facts that are read when somebody asks for the metrics. */
export interface Gauges {
  /** Kind of the store. */
  readonly store: string;
  connections(): number;
  rooms(): number;
  storeBytes(): Promise<number>;
  projectsToDeliver(): number;
}

/** What `/metrics` shows of the server (D9), one registry for each so that several live in one process. Figures of the process itself are added by whoever owns it. */
export class Metrics {
  readonly registry = new Registry();
  readonly changes = this.#counter("livegantt_changes_total", "Changesets answered, by outcome.", ["outcome"]);
  readonly conflicts = this.#counter("livegantt_conflicts_total", "Conflicts found, by kind.", ["kind"]);
  readonly refusals = this.#counter("livegantt_refusals_total", "Connections and messages refused, by code.", ["code"]);
  readonly presenceDropped = this.#counter("livegantt_presence_dropped_total", "Presence messages not sent to slow readers.", []);
  readonly scheduleMismatches = this.#counter("livegantt_schedule_mismatches_total", "Clients that computed other dates than the server at one revision.", []);
  readonly commitFailures = this.#counter("livegantt_commit_failures_total", "Commits that the store did not take.", []);
  readonly deliveries = this.#counter("livegantt_deliveries_total", "Changes given to onCommitted, by outcome.", ["outcome"]);
  readonly commitSeconds = this.#histogram("livegantt_commit_seconds", "Time until a group of changes was durable.", seconds);
  readonly broadcastSeconds = this.#histogram("livegantt_broadcast_seconds", "Time to write a group of changes to all sockets of a project.", seconds);
  readonly groupSize = this.#histogram("livegantt_group_size", "Changes made durable by one commit.", [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]);
  readonly importSeconds = this.#histogram("livegantt_import_seconds", "Time to make a project of a file.", [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);
  readonly loadSeconds = this.#histogram("livegantt_project_load_seconds", "Time to bring a project into memory.", seconds);

  constructor(gauges: Gauges) {
    new Gauge({ name: "livegantt_info", help: "1; the labels say what runs.", labelNames: ["version", "store"], registers: [this.registry] }).set(
      { version, store: gauges.store },
      1,
    );
    const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        async collect() {
          this.set(await read());
        },
      });
    };
    gauge("livegantt_connections", "Open WebSocket connections.", gauges.connections);
    gauge("livegantt_rooms", "Projects in memory.", gauges.rooms);
    gauge("livegantt_store_bytes", "Bytes of the store.", gauges.storeBytes);
    gauge("livegantt_projects_to_deliver", "Projects with changes that onCommitted has not heard of yet.", gauges.projectsToDeliver);
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }
}
