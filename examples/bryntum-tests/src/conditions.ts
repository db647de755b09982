/** Lets imports of the workspaces land on their sources, so nothing needs a build. */
export const conditions = ["@livegantt/source", "module", "node", "development|production"];
