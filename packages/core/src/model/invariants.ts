import { hasWorkingTime } from "../calendars/index.ts";
import { collections, type RecordKind, recordKinds, type StoredRecord, singular } from "./collections.ts";
import { fieldOf } from "./fields.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { findCycle, namedPath } from "./precedence.ts";
import type { ProjectState } from "./state.ts";
import { pairKey } from "./state.ts";
import { checkField, isRecordId } from "./validate.ts";

export interface Violation {
  /** The invariant that does not hold: V1 to V9, V11. */
  readonly rule: string;
  readonly collection: RecordKind;
  readonly id: string;
  readonly message: string;
}

/**
 * Everything that breaks an invariant of the model, in a deterministic order; empty where the project is valid (P1). O(plan).
 * @param sound records whose values were found good under the same limits before: whoever checks the same plan again and again hands in the same set. Records are never
 *   changed in place, so that only those are looked at that are new.
 */
export function checkInvariants(state: ProjectState, limits: Limits = defaultLimits, sound: WeakSet<StoredRecord> = new WeakSet()): Violation[] {
  const found: Violation[] = [];
  const report = (rule: string, collection: RecordKind, id: string, message: string): void => {
    found.push({ rule, collection, id, message });
  };
  for (const kind of recordKinds)
    for (const record of kind === "project" ? [state.project] : state.map(kind).values()) {
      if (!isRecordId(record.id)) report("V1", kind, String(record.id), `the id of a ${singular[kind]} is a text of 1 to 64 characters`);
      checkValues(state, kind, record, limits, sound, report);
    }
  for (const kind of collections) {
    const size = state.map(kind).size;
    if (size > limits[kind]) report("V8", kind, "", `${size} ${kind}; the limit is ${limits[kind]}`);
  }
  checkTree(state, limits, report);
  checkLinks(state, report);
  checkPairs(state, report);
  checkCalendars(state, report);
  return found;
}

type Report = (rule: string, collection: RecordKind, id: string, message: string) => void;

function checkValues(state: ProjectState, kind: RecordKind, record: StoredRecord, limits: Limits, sound: WeakSet<StoredRecord>, report: Report): void {
  const isKnown = sound.has(record);
  let isSound = true;
  for (const name in record) {
    if (name === "id") continue;
    const value = record[name];
    const checked = isKnown ? undefined : checkField(kind, name, value, state.project.timeZone, limits);
    if (checked && "code" in checked) {
      isSound = false;
      report(name === "segments" ? "V9" : name === "orderKey" ? "V3" : "V8", kind, record.id, checked.message);
    }
    const target = fieldOf(kind, name)?.field.refers;
    if (target && typeof value === "string" && !state.map(target).has(value)) {
      const rule =
        name === "calendar" || kind === "calendars"
          ? "V7"
          : name === "parentId"
            ? "V2"
            : kind === "dependencies"
              ? "V4"
              : kind === "assignments"
                ? "V6"
                : "V11";
      report(rule, kind, record.id, `${name} names ${singular[target]} "${value}", which does not exist`);
    }
    if (value === null) report("V8", kind, record.id, `${name} is stored as null`);
  }
  if (isSound) sound.add(record);
}

function checkTree(state: ProjectState, limits: Limits, report: Report): void {
  const depth = new Map<string, number>();
  let level = [...state.children.of(null)];
  for (let n = 1; level.length > 0; n++) {
    const next: string[] = [];
    for (const id of level) {
      depth.set(id, n);
      for (const child of state.children.of(id)) next.push(child);
    }
    level = next;
  }
  for (const task of state.tasks.values()) {
    const at = depth.get(task.id);
    if (at === undefined) {
      if (task.parentId != null && state.tasks.has(task.parentId))
        report("V2", "tasks", task.id, `"${task.name ?? task.id}" is not under the top level: its parents form a cycle or one is gone`);
    } else if (at > limits.depth) report("V2", "tasks", task.id, `"${task.name ?? task.id}" stands ${at} levels deep; the limit is ${limits.depth}`);
    if (task.orderKey == null) report("V3", "tasks", task.id, "a task has an orderKey");
  }
  for (const parent of [null, ...state.tasks.keys()]) {
    const siblings = state.children.of(parent);
    for (let i = 1; i < siblings.length; i++) {
      const [a, b] = [siblings[i - 1] as string, siblings[i] as string];
      if (state.tasks.get(a)?.orderKey === state.tasks.get(b)?.orderKey)
        report("V3", "tasks", b, `tasks "${a}" and "${b}" have the same orderKey under one parent`);
    }
  }
}

function checkLinks(state: ProjectState, report: Report): void {
  for (const link of state.dependencies.values()) {
    if (link.fromTask === link.toTask) report("V4", "dependencies", link.id, "a dependency joins two different tasks");
    if (state.ancestors(link.fromTask).includes(link.toTask) || state.ancestors(link.toTask).includes(link.fromTask))
      report("V4", "dependencies", link.id, `a task cannot be linked with a summary above it ("${link.fromTask}" and "${link.toTask}")`);
  }
  const cycle = findCycle(state);
  if (cycle) {
    const path = namedPath(state, cycle);
    report("V5", "dependencies", path[0]?.id ?? "", `links close a loop: ${path.map((task) => task.name).join(" → ")}`);
  }
}

function checkPairs(state: ProjectState, report: Report): void {
  const links = new Set<string>();
  for (const { id, fromTask, toTask } of state.dependencies.values()) {
    const pair = pairKey(fromTask, toTask);
    if (links.has(pair)) report("V4", "dependencies", id, `a second dependency from "${fromTask}" to "${toTask}"`);
    links.add(pair);
  }
  const assigned = new Set<string>();
  for (const { id, event, resource } of state.assignments.values()) {
    const pair = pairKey(event, resource);
    if (assigned.has(pair)) report("V6", "assignments", id, `resource "${resource}" is assigned to task "${event}" twice`);
    assigned.add(pair);
  }
}

function checkCalendars(state: ProjectState, report: Report): void {
  for (const calendar of state.calendars.values()) {
    const seen = new Set([calendar.id]);
    for (let at = calendar.parentId; at != null; at = state.calendars.get(at)?.parentId) {
      if (seen.has(at)) {
        report("V7", "calendars", calendar.id, "calendar parents form a cycle");
        return;
      }
      seen.add(at);
    }
  }
  for (const calendar of state.calendars.values())
    if (calendarInUse(state, calendar.id) && !hasWorkingTime(state, calendar.id))
      report("V7", "calendars", calendar.id, `calendar "${calendar.name ?? calendar.id}" is in use and has no working time`);
}

export const calendarInUse = (state: ProjectState, calendar: string): boolean => state.project.calendar === calendar || state.calendarUsers.has(calendar);
