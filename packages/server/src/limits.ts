/** Every limit of the server with its default: one line each, overridden by `createServer({ limits })`. A refusal names the limit and its value. */
const table = {
  messageBytes: { value: 1024 * 1024, about: "bytes of one WebSocket message" },
  importBytes: { value: 64 * 1024 * 1024, about: "bytes of a plan or file sent over HTTP" },
  importsAtOnce: { value: 2, about: "large files that are made into projects at one time, each on a thread of its own" },
  importSeconds: { value: 120, about: "seconds that one of them may take" },
  importMegabytes: { value: 3_072, about: "MiB of memory that one of them may take" },
  operations: { value: 5_000, about: "operations of one changeset" },
  tasks: { value: 200_000, about: "tasks of a project" },
  dependencies: { value: 400_000, about: "dependencies of a project" },
  framesPerSecond: { value: 200, about: "messages a second of one connection, changes apart" },
  changesPerSecond: { value: 10_000, about: "changes a second of one connection" },
  changesInFlight: { value: 128, about: "unanswered changes of one connection before it is read no further" },
  floodSeconds: { value: 5, about: "seconds in a row over the message rate before a connection is closed" },
  changesPerTurn: { value: 512, about: "changes of one project applied in one turn of the event loop" },
  connections: { value: 20_000, about: "connections of the server" },
  connectionsPerAddress: { value: 2_000, about: "connections from one address" },
  connectionsPerProject: { value: 2_000, about: "connections to one project" },
  requestsPerSecond: { value: 500, about: "HTTP requests a second from one address" },
  pendingBytes: { value: 8 * 1024 * 1024, about: "bytes waiting for one slow reader before it is closed" },
  presenceBytes: { value: 256 * 1024, about: "bytes waiting for one slow reader from which on it gets no presence" },
  loadSeconds: { value: 30, about: "seconds that the product around the server may take to give a plan" },
  projectsInMemory: { value: 500, about: "projects open at one time" },
  idleProjectSeconds: { value: 300, about: "seconds without a user after which a project leaves memory" },
  helloSeconds: { value: 10, about: "seconds until a connection must have said hello" },
  silentSeconds: { value: 100, about: "seconds without a frame after which a connection counts as gone" },
  recheckSeconds: { value: 3, about: "seconds after which the rights of an open connection are asked for again" },
  linksPerProject: { value: 500, about: "share links of a project that hold at one time" },
  versionsPerProject: { value: 1_000, about: "named versions of a project, each of which keeps its plan" },
  sessionsPerLink: { value: 10_000, about: "browsers and programs that may come by one share link" },
  deltaChanges: { value: 5_000, about: "changes a returning client may have missed; beyond, it gets the whole project" },
  historyPage: { value: 500, about: "entries of one page of history" },
  snapshotEvery: { value: 2_000, about: "changes between two stored snapshots of a project" },
  keepRevisions: { value: 50_000, about: "revisions whose changes are kept at least" },
  keepDays: { value: 365, about: "days for which changes are kept at least" },
  tombstoneDays: { value: 90, about: "days for which a removed record can be brought back" },
} as const satisfies Record<string, { readonly value: number; readonly about: string }>;

export type LimitName = keyof typeof table;
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(table) as readonly LimitName[];
export const aboutLimit = (name: LimitName): string => table[name].about;
export const defaultLimits = Object.fromEntries(limitNames.map((name) => [name, table[name].value])) as Limits;

/** Defaults with overrides. @throws RangeError for an unknown name or a value that is no positive number. */
export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(overrides)) {
    if (!(name in table)) throw new RangeError(`There is no limit "${name}". Known limits: ${limitNames.join(", ")}.`);
    if (typeof value !== "number" || !(value > 0)) throw new RangeError(`The limit "${name}" must be a positive number, not ${String(value)}.`);
  }
  return { ...defaultLimits, ...overrides };
}
