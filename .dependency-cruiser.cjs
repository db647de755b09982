// The one-way rule: core <- client, server, files <- adapters, react <- apps. Tests may reach further than what they test.
const tests = "\\.test\\.tsx?$|/(test|testing)/";
const from = (path) => ({ path, pathNot: tests });
/** Packages that code under `folder` may import; itself is always allowed. */
const mayImport = (folder, ...packages) => ({
  name: `${folder} may import ${packages.join(", ") || "no other package"}`,
  severity: "error",
  from: from(`^${folder}/`),
  to: { path: "^(packages|apps|e2e|bench|simulation|scripts)/", pathNot: [folder, ...packages.map((name) => `packages/${name}`)].map((path) => `^${path}/`) },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "resolvable",
      comment: "node:sqlite exists from Node 22 on, and the server asks for it at run time; Bryntum's packages are brought by whoever has a licence.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(node:sqlite$|@bryntum/)" },
    },
    mayImport("packages/core"),
    mayImport("packages/client", "core"),
    mayImport("packages/files", "core"),
    mayImport("packages/server", "core", "files"),
    mayImport("packages/react", "core", "client", "styles"),
    mayImport("packages/svar", "core", "client", "react", "styles"),
    mayImport("packages/bryntum", "core", "client", "react", "styles"),
    mayImport("apps/web", "core", "client", "files", "react", "svar", "styles"),
    {
      name: "no-node-in-browser-code",
      comment: "These run in browsers and workers: a builtin of Node would break them there.",
      severity: "error",
      from: from("^(packages/(core|client|files|react|svar|bryntum)|apps/web/src)/"),
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-tools-in-what-runs",
      comment: "`npm start` installs no development dependencies.",
      severity: "error",
      from: from("^(packages|apps)/"),
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "npm-peer", "type-only"] },
    },
    { name: "no-tests-in-what-runs", severity: "error", from: from("^(packages|apps)/"), to: { path: tests } },
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    exclude: { path: "/dist/|/dist-types/|vite\\.config" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@livegantt/source", "types", "import", "node", "default"],
      mainFields: ["module", "main", "types"],
    },
  },
};
