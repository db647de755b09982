/**
 * Faults that the simulation must catch: each is a change of the product's sources by exact text. `anchor` must be found exactly once in the file.
 * @type {readonly { name: string; file: string; anchor: string; replacement: string }[]}
 */
export const sabotages = [
  {
    name: "no dependency-cycle check",
    file: "packages/core/src/changes/laws.ts",
    anchor: "if (!steps.some(shapesGraph) || state.precedence.holds()) return;",
    replacement: "if (steps.length >= 0) return;",
  },
  {
    name: "no hierarchy check",
    file: "packages/core/src/changes/laws.ts",
    anchor: 'if (path.length > 1 && path.at(-1) === id) pushCycle(work, "hierarchy_cycle"',
    replacement: 'if (path.length > 100_000) pushCycle(work, "hierarchy_cycle"',
  },
  {
    name: "ack before commit",
    file: "packages/server/src/room/committer.ts",
    anchor: "const results = await this.#commit(batch);",
    replacement: 'for (const writer of writers.splice(0)) writer.settle("committed");\n      const results = await this.#commit(batch);',
  },
  {
    name: "idempotency row dropped",
    file: "packages/server/src/room/clientBook.ts",
    anchor: "const stored = await this.#store.client(this.#project, clientId);",
    replacement: "const stored = (await this.#store.client(this.#project, clientId)) && undefined;",
  },
  {
    name: "conflict answer not remembered",
    file: "packages/server/src/room/clientBook.ts",
    anchor: "counter.answers.set(counter.last, body);",
    replacement: 'if (!body.startsWith(\'{"type":"conflict"\')) counter.answers.set(counter.last, body);',
  },
  {
    name: "parked edit lost",
    file: "packages/client/src/inbox.ts",
    anchor: "const waiting = [...kept.waiting, { ...edit, payload: held }].sort((a, b) => a.seq - b.seq);",
    replacement: "const waiting = held ? kept.waiting.filter((one) => one.seq !== edit.seq) : [];",
  },
  {
    name: "stale `was` after rebase",
    file: "packages/client/src/editor.ts",
    anchor: "    this.#changed(origin, extra);\n  }\n\n  /** Another plan",
    replacement: `    const { queue, replica } = this.#parts;
    for (const edit of [...queue.edits])
      if (edit.number === undefined && !edit.command) {
        const tasks = edit.payload.tasks?.updated?.map(({ id, changes }) => ({ id, changes }));
        queue.put({ ...edit, baseRevision: replica.revision, ...(tasks ? { payload: { ...edit.payload, tasks: { ...edit.payload.tasks, updated: tasks } } } : {}) });
      }
    this.#changed(origin, extra);
  }

  /** Another plan`,
  },
  {
    name: "two tabs on one counter",
    file: "packages/client/src/tabIdentity.ts",
    anchor: "const lock = await locks.tryAcquire(lockName(scope.locks, clientId));\n    if (!lock) continue;",
    replacement: "const lock = (await locks.tryAcquire(lockName(scope.locks, clientId))) ?? { release: () => {} };",
  },
  {
    name: "alias dropped",
    file: "packages/core/src/changes/ledger.ts",
    anchor: "this.#aliases.set(alias, notice.id);",
    replacement: "this.#aliases.delete(alias);",
  },
  {
    name: "delta off by one",
    file: "packages/client/src/session.ts",
    anchor: "const fresh = changesets.filter((broadcast) => broadcast.revision > replica.revision);",
    replacement: "const fresh = changesets.filter((broadcast) => broadcast.revision > replica.revision + 1);",
  },
  {
    name: "cascade without links",
    file: "packages/core/src/changes/removing.ts",
    anchor: 'if (state.dependencies.has(link)) cascade(work, "dependencies", link, seenLinks);',
    replacement: 'if (link === "") cascade(work, "dependencies", link, seenLinks);',
  },
  {
    name: "undo that ignores others' edits",
    file: "packages/client/src/undo.ts",
    anchor: "  for (const field in line.was) if (!sameValue(kind, field, line.was[field], record[field])) lost.add(registerOf(kind, field));\n",
    replacement: `  if (record.id !== "") {
    const now: Record<string, Registers[string]> = {};
    for (const field in line.changes) now[field] = record[field] ?? null;
    return { ...operation, line: { id, changes: line.changes, was: now } };
  }
`,
  },
];

/**
 * @param {string} source
 * @param {{ name: string; file: string; anchor: string; replacement: string }} sabotage
 * @throws where the anchor does not stand in the source exactly once: the sabotage has to follow the product
 */
export function apply(source, { name, file, anchor, replacement }) {
  const found = source.split(anchor).length - 1;
  if (found !== 1) throw new Error(`the sabotage "${name}" finds its anchor ${found} times in ${file}; it has to follow the product:\n${anchor}`);
  return source.replace(anchor, () => replacement);
}
