import { hasWorkingTime } from "../calendars/index.ts";
import { collections, type DependencyRecord, type RecordKind, type StoredRecord, type TaskRecord } from "../model/collections.ts";
import { fieldOf } from "../model/fields.ts";
import { calendarInUse } from "../model/invariants.ts";
import { findPath, finishNode, linkEdge, type Node, namedPath, startNode } from "../model/precedence.ts";
import type { ConflictType } from "./changeset.ts";
import { Refusal } from "./read.ts";
import type { Step } from "./transaction.ts";
import { stampFacts, type Work } from "./work.ts";

/** The laws V on what this changeset touched, after all of it is in place. Costs what was touched, and the smaller side of each new edge's search (V5). */
export function checkLaws(work: Work): void {
  const steps = [...work.tx.steps()];
  checkSizes(work);
  checkReferences(work, steps);
  checkDepth(work, steps);
  checkCalendars(work, steps);
  if (work.conflicts.length === 0) checkLinks(work, steps);
}

function checkSizes(work: Work): void {
  for (const kind of collections) {
    const size = work.state.map(kind).size;
    if (size > work.limits[kind]) throw new Refusal("limit_exceeded", `the project would have ${size} ${kind}; the limit is ${work.limits[kind]}`, kind);
  }
}

/** V7, V11: what a changed field names must live. Parents and ends have rules of their own. */
function checkReferences(work: Work, steps: readonly Step[]): void {
  for (const { kind, id, before, after } of steps) {
    if (!after) continue;
    for (const field in after) {
      const target = fieldOf(kind, field)?.field.refers;
      const value = after[field];
      if (!target || typeof value !== "string" || before?.[field] === value || work.state.map(target).has(value)) continue;
      if (isRuledElsewhere(kind, field)) continue;
      const stamp = work.ledger?.tombstone(target, value)?.stamp;
      work.conflicts.push({
        type: "missing_reference",
        collection: kind,
        id,
        fields: { [field]: { base: before?.[field] ?? null, local: value, server: null } },
        ...stampFacts(stamp),
      });
    }
  }
}

const isRuledElsewhere = (kind: RecordKind, field: string): boolean =>
  (kind === "tasks" && field === "parentId") ||
  kind === "assignments" ||
  (kind === "dependencies" && field !== "calendar") ||
  (kind === "comments" && field === "task");

const movedTasks = (steps: readonly Step[]): (Step & { readonly after: TaskRecord })[] =>
  steps.filter((step) => step.kind === "tasks" && step.after && (step.before === undefined || step.before.parentId !== step.after.parentId)) as (Step & {
    readonly after: TaskRecord;
  })[];

/** V2: parents form no loop. Decided before anything is removed, since removing walks the tree. */
export function checkParents(work: Work): void {
  for (const { id, after } of movedTasks([...work.tx.steps()])) {
    const path = [id];
    const passed = new Set(path);
    for (let parent = after.parentId; parent != null; parent = work.state.tasks.get(parent)?.parentId) {
      path.push(parent);
      // A loop further up is reported for the moved task that is part of it.
      if (passed.has(parent)) break;
      passed.add(parent);
    }
    if (path.length > 1 && path.at(-1) === id) pushCycle(work, "hierarchy_cycle", "tasks", id, path, "placement");
  }
}

/** V2: no deeper than the limit. */
function checkDepth(work: Work, steps: readonly Step[]): void {
  const { state, limits } = work;
  for (const { id, after } of movedTasks(steps)) {
    const deepest = state.ancestors(id).length + heightOf(work, id);
    if (deepest > limits.depth)
      throw new Refusal("limit_exceeded", `a task tree is at most ${limits.depth} levels deep; with "${after.name ?? id}" it would have ${deepest}`, "tasks");
  }
}

function heightOf(work: Work, root: string): number {
  let level: readonly string[] = [root];
  let height = 0;
  for (; level.length > 0; height++) level = level.flatMap((id) => [...work.state.children.of(id)]);
  return height;
}

function pushCycle(work: Work, type: ConflictType, kind: RecordKind, id: string, tasks: readonly string[], register: string): void {
  const path = tasks.map((task) => ({ id: task, name: work.state.tasks.get(task)?.name ?? task }));
  // The other side is whoever last placed a task of the loop.
  const stamps = tasks.flatMap((task) => work.ledger?.stamp("tasks", task, register) ?? []).filter((stamp) => stamp.clientId !== work.author.clientId);
  const last = stamps.sort((a, b) => b.revision - a.revision)[0];
  work.conflicts.push({ type, collection: kind, id, path, ...stampFacts(last) });
}

/** V4, V5: links against the tree above their ends, and no loop through any new edge of the scheduling graph. */
function checkLinks(work: Work, steps: readonly Step[]): void {
  const { state } = work;
  const edges: { readonly edge: readonly [Node, Node]; readonly kind: RecordKind; readonly id: string }[] = [];
  const addLink = (link: DependencyRecord, kind: RecordKind, id: string): void => {
    const edge = linkEdge(state, link);
    if (edge) edges.push({ edge, kind, id });
  };
  for (const { kind, id, before, after } of steps) {
    if (kind !== "dependencies" || !after) continue;
    const link = after as DependencyRecord;
    checkEnds(work, link, before);
    if (!before || before.type !== after.type || before.active !== after.active) addLink(link, kind, id);
  }
  for (const { id, after } of movedTasks(steps)) {
    checkAgainstAncestors(work, id);
    if (after.parentId == null) continue;
    edges.push(
      { edge: [`<${after.parentId}`, startNode(state, id)], kind: "tasks", id },
      { edge: [finishNode(state, id), `>${after.parentId}`], kind: "tasks", id },
    );
  }
  if (!steps.some(shapesGraph) || state.precedence.holds()) return;
  // Some edge closes a loop; which, and through what, is worth a search. A summary that lost its last child is one node again, and links that had no effect on a summary's finish act on it (V5).
  for (const { kind, id, before, after } of steps) {
    const former = kind === "tasks" ? (before as TaskRecord | undefined)?.parentId : undefined;
    if (former == null || after?.parentId === former || !state.tasks.has(former) || state.isSummary(former)) continue;
    for (const linkId of state.predecessors.of(former)) addLink(state.dependencies.get(linkId) as DependencyRecord, "tasks", id);
    const loop = loopThrough(work, former);
    if (loop) pushLoop(work, "tasks", id, loop);
  }
  for (const { edge, kind, id } of edges) {
    const [from, to] = edge;
    if (hasLoop(work, kind, id)) continue;
    const path = findPath(state, to, from);
    if (path) pushLoop(work, kind, id, [...path, to]);
  }
}

/** Could this step add an edge to the scheduling graph, or join the two nodes of a summary? */
function shapesGraph({ kind, before, after }: Step): boolean {
  if (kind === "dependencies") return after !== undefined;
  return kind === "tasks" && (!before || !after || before.parentId !== after.parentId);
}

/** A loop that runs through a node, where one does. */
function loopThrough(work: Work, task: string): Node[] | undefined {
  const node = startNode(work.state, task);
  for (const linkId of work.state.successors.of(task)) {
    const edge = linkEdge(work.state, work.state.dependencies.get(linkId) as DependencyRecord);
    const path = edge?.[0] === node ? findPath(work.state, edge[1], node) : undefined;
    if (path) return [node, ...path];
  }
  return undefined;
}

/** One loop per record is enough to ask about. */
const hasLoop = (work: Work, kind: RecordKind, id: string): boolean =>
  work.conflicts.some((conflict) => conflict.type === "dependency_cycle" && conflict.collection === kind && conflict.id === id);

function pushLoop(work: Work, kind: RecordKind, id: string, nodes: readonly Node[]): void {
  if (hasLoop(work, kind, id)) return;
  const path = namedPath(work.state, nodes);
  const stamps = path
    .flatMap(({ id: task }) =>
      [...work.state.successors.of(task)].map((link) => work.ledger?.created("dependencies", link)).concat(work.ledger?.stamp("tasks", task, "placement")),
    )
    .filter((stamp) => stamp !== undefined && stamp.clientId !== work.author.clientId);
  const last = stamps.sort((a, b) => (b?.revision ?? 0) - (a?.revision ?? 0))[0];
  work.conflicts.push({ type: "dependency_cycle", collection: kind, id, path, ...stampFacts(last) });
}

function checkEnds(work: Work, link: DependencyRecord, before: StoredRecord | undefined): void {
  const { state } = work;
  if (link.fromTask === link.toTask)
    throw new Refusal("invalid_link", `a dependency joins two different tasks, not "${link.fromTask}" with itself`, "dependencies");
  if (state.ancestors(link.fromTask).includes(link.toTask) || state.ancestors(link.toTask).includes(link.fromTask)) {
    pushLoop(work, "dependencies", link.id, [`=${link.fromTask}`, `=${link.toTask}`]);
    return;
  }
  const type = link.type ?? 2;
  if ((type === 1 || type === 3) && state.isSummary(link.toTask) && before?.type !== link.type && !isBroughtBack(work, link))
    throw new Refusal(
      "link_into_summary",
      `a ${type === 1 ? "start" : "finish"}-to-finish link cannot end at the summary task "${state.tasks.get(link.toTask)?.name ?? link.toTask}": its finish is its children's`,
      "dependencies",
    );
}

/** Undoing a removal makes no new link. A replica cannot know what was removed, so it leaves the question to the decider. */
function isBroughtBack(work: Work, link: DependencyRecord): boolean {
  if (!work.ledger) return true;
  const former = work.ledger.tombstone("dependencies", link.id)?.record;
  return former !== undefined && former.fromTask === link.fromTask && former.toTask === link.toTask && former.type === link.type;
}

/** V4 after a move: no task of the moved branch may be linked with a task above it. */
function checkAgainstAncestors(work: Work, moved: string): void {
  const { state } = work;
  const above = new Set(state.ancestors(moved));
  if (above.size === 0) return;
  for (const id of [moved, ...state.descendants(moved)])
    for (const linkId of [...state.successors.of(id), ...state.predecessors.of(id)]) {
      const link = state.dependencies.get(linkId);
      const other = link?.fromTask === id ? link.toTask : link?.fromTask;
      if (link && other !== undefined && above.has(other)) {
        pushLoop(work, "tasks", moved, [`=${link.fromTask}`, `=${link.toTask}`]);
        return;
      }
    }
}

/** V7: parents form a tree, and a calendar in use keeps some working time. */
function checkCalendars(work: Work, steps: readonly Step[]): void {
  const { state } = work;
  const suspects = new Map<string, { readonly kind: RecordKind; readonly id: string }>();
  for (const { kind, id, before, after } of steps) {
    if (!after) continue;
    if (kind === "calendars") {
      const seen = new Set([id]);
      for (let parent = after.parentId; typeof parent === "string"; parent = state.calendars.get(parent)?.parentId) {
        if (seen.has(parent)) throw new Refusal("calendar_cycle", `calendar "${after.name ?? id}" would be its own ancestor`, "calendars");
        seen.add(parent);
      }
      const family = [id];
      for (const member of family) {
        family.push(...state.calendarChildren.of(member));
        suspects.set(member, { kind: "calendars", id });
      }
    } else if (typeof after.calendar === "string" && before?.calendar !== after.calendar) suspects.set(after.calendar, { kind, id });
  }
  for (const [calendar, { kind, id }] of suspects) {
    if (!state.calendars.has(calendar) || !calendarInUse(state, calendar) || hasWorkingTime(state, calendar)) continue;
    work.conflicts.push({ type: "empty_calendar", collection: kind, id, ...stampFacts(lastOther(work, calendar)) });
  }
}

function lastOther(work: Work, calendar: string): ReturnType<NonNullable<Work["ledger"]>["stamp"]> {
  return work.ledger?.writtenByOthers("calendars", calendar, work.author.baseRevision, work.author.clientId).at(-1)?.stamp;
}
