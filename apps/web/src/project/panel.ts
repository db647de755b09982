/** What stands beside the chart. */
export type Panel = "task" | "problems" | "history" | undefined;
