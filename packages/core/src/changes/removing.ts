import type { CalendarRecord, RecordKind, TaskRecord } from "../model/collections.ts";
import { fieldsOf, withFields } from "../model/fields.ts";
import type { FieldConflict } from "./changeset.ts";
import type { Stamp } from "./ledger.ts";
import { keysAt } from "./placing.ts";
import { type Operations, Refusal } from "./read.ts";
import { resolveId, stampFacts, type Work, wasSeen } from "./work.ts";

type Removed = Operations["removed"][number];
type Kind = Exclude<RecordKind, "project">;

/** Links, assignments and comments leave before anything is added, so that a replaced link does not meet its predecessor. */
export function removeEdges(work: Work, removed: Operations["removed"]): void {
  for (const { kind, id } of removed)
    if (kind === "dependencies" || kind === "assignments" || kind === "comments") removeOne(work, kind, resolveId(work, kind, id));
}

export function removeRecords(work: Work, removed: Operations["removed"]): void {
  removeTasks(
    work,
    removed.filter(({ kind }) => kind === "tasks"),
  );
  for (const operation of removed) {
    const id = resolveId(work, operation.kind, operation.id);
    if (operation.kind === "resources" && work.state.resources.has(id)) removeResource(work, id, operation);
    if (operation.kind === "calendars" && work.state.calendars.has(id)) removeCalendar(work, id, operation.path);
  }
}

/** Since the author's base somebody else brought this record back: what they had seen of it was another one. */
function broughtBack(work: Work, kind: Kind, id: string): Stamp | undefined {
  const created = work.ledger?.created(kind, id);
  return created && created.revision > work.author.baseRevision && created.clientId !== work.author.clientId ? created : undefined;
}

/** K3: somebody else edited what would go, after the author's base. */
function editedByOthers(work: Work, kind: Kind, id: string): boolean {
  if (!work.ledger || !work.tx.original(kind, id)) return false;
  const edits = work.ledger.writtenByOthers(kind, id, work.author.baseRevision, work.author.clientId);
  const stamp = edits.at(-1)?.stamp ?? broughtBack(work, kind, id);
  if (!stamp) return false;
  const fields: Record<string, FieldConflict> = {};
  for (const { register } of edits)
    for (const field of fieldsOf(kind, register)) fields[field] = { base: null, local: null, server: work.state.get(kind, id)?.[field] ?? null };
  work.conflicts.push({ type: "edited_before_remove", collection: kind, id, fields, ...stampFacts(stamp) });
  return true;
}

function removeOne(work: Work, kind: Kind, id: string): void {
  if (!work.state.map(kind).has(id) || editedByOthers(work, kind, id)) return;
  if (kind === "comments") removeReplies(work, id);
  work.tx.remove(kind, id);
}

function removeReplies(work: Work, comment: string): void {
  for (const reply of work.state.comments.values()) {
    if (reply.parent !== comment) continue;
    removeReplies(work, reply.id);
    if (!wasSeen(work, work.ledger?.created("comments", reply.id)) || !editedByOthers(work, "comments", reply.id))
      cascade(work, "comments", reply.id, undefined);
  }
}

/** K8: goes with what it belongs to; where the author had not seen it, or not what somebody made of it since, everybody is told. */
function cascade(work: Work, kind: Kind, id: string, seen: readonly string[] | undefined): void {
  const { ledger, author } = work;
  const isListed = seen ? seen.includes(id) : wasSeen(work, ledger?.created(kind, id));
  const known = isListed && !broughtBack(work, kind, id) && (ledger?.writtenByOthers(kind, id, author.baseRevision, author.clientId) ?? []).length === 0;
  if (!known && work.tx.original(kind, id)) work.notices.push({ kind: "cascaded", collection: kind, id, by: work.author.name });
  work.tx.remove(kind, id);
}

/** K7, K8: the seen part of each subtree goes with its links, assignments and comments; what the author had not seen moves to the nearest living ancestor. */
function removeTasks(work: Work, removed: readonly Removed[]): void {
  const { state } = work;
  const going = new Set<string>();
  for (const operation of removed) {
    const root = resolveId(work, "tasks", operation.id);
    if (!state.tasks.has(root)) continue;
    going.add(root);
    const seen = operation.seen?.tasks && new Set(operation.seen.tasks);
    for (const id of state.descendants(root)) if (seen ? seen.has(id) : wasSeen(work, work.ledger?.stamp("tasks", id, "placement"))) going.add(id);
  }
  if (going.size === 0) return;
  let refused = false;
  for (const id of going) refused = editedByOthers(work, "tasks", id) || refused;
  if (refused) return;
  rescueUnseen(work, going);
  const seenLinks = listSeen(removed, "dependencies");
  const seenAssignments = listSeen(removed, "assignments");
  for (const id of going) {
    for (const link of [...state.successors.of(id), ...state.predecessors.of(id)])
      if (state.dependencies.has(link)) cascade(work, "dependencies", link, seenLinks);
    for (const assignment of [...state.assignmentsOfTask.of(id)]) cascade(work, "assignments", assignment, seenAssignments);
    for (const comment of [...state.commentsOfTask.of(id)]) {
      removeReplies(work, comment);
      cascade(work, "comments", comment, undefined);
    }
  }
  for (const id of going) work.tx.remove("tasks", id);
}

function listSeen(removed: readonly Removed[], name: "dependencies" | "assignments"): readonly string[] | undefined {
  return removed.some(({ seen }) => seen === undefined) ? undefined : removed.flatMap(({ seen }) => [...(seen?.[name] ?? [])]);
}

function rescueUnseen(work: Work, going: ReadonlySet<string>): void {
  const { state } = work;
  /** Unseen tasks by the topmost removed task above them, in tree order. */
  const groups = new Map<string, string[]>();
  for (const id of going)
    for (const child of state.children.of(id)) {
      if (going.has(child)) continue;
      let top = id;
      for (let above = state.tasks.get(top)?.parentId; above != null && going.has(above); above = state.tasks.get(top)?.parentId) top = above;
      const group = groups.get(top);
      if (group) group.push(child);
      else groups.set(top, [child]);
    }
  for (const [top, rescued] of groups) {
    const { parentId, orderKey } = state.tasks.get(top) as TaskRecord;
    const keys = keysAt(state, parentId ?? null, orderKey ?? null, rescued.length, going);
    for (const [i, id] of rescued.entries()) {
      const task = state.tasks.get(id) as TaskRecord;
      work.tx.put("tasks", withFields(task, { parentId: parentId ?? null, orderKey: keys[i] as string }));
      work.notices.push({
        kind: "rescued",
        collection: "tasks",
        id,
        register: "placement",
        previous: { parentId: task.parentId ?? null, orderKey: task.orderKey ?? null },
        by: work.author.name,
      });
    }
  }
}

function removeResource(work: Work, id: string, operation: Removed): void {
  if (editedByOthers(work, "resources", id)) return;
  for (const assignment of [...work.state.assignmentsOfResource.of(id)]) cascade(work, "assignments", assignment, operation.seen?.assignments);
  work.tx.remove("resources", id);
}

/**
 * V7: whoever uses a removed calendar falls back to the project's, its children to its parent, and everybody is told.
 * A use that the author had not seen is an edit before the remove (K3).
 */
function removeCalendar(work: Work, id: string, path: string): void {
  const { state } = work;
  if (state.project.calendar === id)
    throw new Refusal(
      "calendar_in_use",
      `calendar "${state.calendars.get(id)?.name ?? id}" is the project's calendar; choose another for the project first`,
      path,
    );
  if (editedByOthers(work, "calendars", id)) return;
  const users = [...state.calendarUsers.of(id)].map((user) => user.split(/\/(.*)/s) as [Kind, string]);
  const unseen = users.filter(([kind, user]) => !wasSeen(work, work.ledger?.stamp(kind, user, "calendar")));
  for (const [kind, user] of unseen) {
    const stamp = work.ledger?.stamp(kind, user, "calendar");
    work.conflicts.push({
      type: "edited_before_remove",
      collection: kind,
      id: user,
      fields: { calendar: { base: null, local: null, server: id } },
      ...stampFacts(stamp),
    });
  }
  if (unseen.length > 0) return;
  for (const [kind, user] of users) {
    const record = state.get(kind, user);
    if (record) work.tx.put(kind, withFields(record, { calendar: null }));
    work.notices.push({ kind: "cascaded", collection: kind, id: user, register: "calendar", previous: id, by: work.author.name });
  }
  const parent = state.calendars.get(id)?.parentId ?? null;
  for (const child of [...state.calendarChildren.of(id)]) {
    work.tx.put("calendars", withFields(state.calendars.get(child) as CalendarRecord, { parentId: parent }));
    work.notices.push({ kind: "cascaded", collection: "calendars", id: child, register: "parentId", previous: id, by: work.author.name });
  }
  work.tx.remove("calendars", id);
}
