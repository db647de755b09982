import type {
  AssignmentRecord,
  CalendarRecord,
  CommentRecord,
  DependencyRecord,
  ProjectRecord,
  RecordKind,
  RecordTypes,
  ResourceRecord,
  StoredRecord,
  TaskRecord,
} from "./collections.ts";
import { EdgeIndex } from "./edges.ts";
import { PrecedenceOrder } from "./precedenceOrder.ts";
import { SiblingIndex } from "./siblings.ts";

/** One link per ordered pair (V4), one assignment per pair (V6). */
export const pairKey = (a: string, b: string): string => `${a.length}:${a}${b}`;

/**
 * The pure document: one map per collection and the indexes that make every change cost O(change).
 * Records are immutable; `put` and `remove` replace them and keep the indexes true. Neither checks a law: that is `applyChangeset`.
 */
export class ProjectState {
  /** Server revision this state stands on. */
  revision = 0;
  readonly tasks = new Map<string, TaskRecord>();
  readonly dependencies = new Map<string, DependencyRecord>();
  readonly resources = new Map<string, ResourceRecord>();
  readonly assignments = new Map<string, AssignmentRecord>();
  readonly calendars = new Map<string, CalendarRecord>();
  readonly comments = new Map<string, CommentRecord>();

  readonly children = new SiblingIndex(this.tasks);
  /** Dependencies that leave a task, that arrive at a task. */
  readonly successors = new EdgeIndex();
  readonly predecessors = new EdgeIndex();
  readonly linkOf = new Map<string, string>();
  readonly assignmentsOfTask = new EdgeIndex();
  readonly assignmentsOfResource = new EdgeIndex();
  readonly assignmentOf = new Map<string, string>();
  readonly commentsOfTask = new EdgeIndex();
  readonly calendarChildren = new EdgeIndex();
  /** Tasks, resources and dependencies whose `calendar` is this one, as `kind/id`. */
  readonly calendarUsers = new EdgeIndex();

  /** Tells whether the links close a loop (V5). */
  readonly precedence = new PrecedenceOrder(this);

  #project: ProjectRecord;

  constructor(project: ProjectRecord) {
    this.#project = project;
  }

  get project(): ProjectRecord {
    return this.#project;
  }

  get<K extends RecordKind>(kind: K, id: string): RecordTypes[K] | undefined {
    if (kind === "project") return (id === this.#project.id ? this.#project : undefined) as RecordTypes[K] | undefined;
    return this.map(kind).get(id) as RecordTypes[K] | undefined;
  }

  map(kind: Exclude<RecordKind, "project">): Map<string, StoredRecord> {
    return this[kind] as Map<string, StoredRecord>;
  }

  put(kind: RecordKind, record: StoredRecord): void {
    if (kind === "project") {
      this.#project = record as ProjectRecord;
      return;
    }
    const map = this.map(kind);
    const before = map.get(record.id);
    if (kind === "dependencies") this.precedence.noteLink(record.id);
    else if (kind === "tasks" && (!before || before.parentId !== record.parentId))
      this.precedence.noteTask(record.id, (before as TaskRecord | undefined)?.parentId, (record as TaskRecord).parentId);
    if (before && !this.#indexMoves(kind, before, record)) {
      map.set(record.id, record);
      return;
    }
    if (before) this.#unindex(kind, before);
    map.set(record.id, record);
    this.#index(kind, record, false);
  }

  /** Like `put` for records of a snapshot: sibling lists are sorted once, when read. The id must be new. */
  load(kind: Exclude<RecordKind, "project">, record: StoredRecord): void {
    this.map(kind).set(record.id, record);
    this.#index(kind, record, true);
  }

  remove(kind: Exclude<RecordKind, "project">, id: string): void {
    const map = this.map(kind);
    const before = map.get(id);
    if (!before) return;
    if (kind === "tasks") this.precedence.noteTask(id, (before as TaskRecord).parentId);
    this.#unindex(kind, before);
    map.delete(id);
  }

  isSummary(task: string): boolean {
    return this.children.has(task);
  }

  /** Ids from the parent of a task up to the top level. Ends at a parent that does not live, and after 4,096 steps in a state that breaks V2. */
  ancestors(task: string): string[] {
    const path: string[] = [];
    let parent = this.tasks.get(task)?.parentId;
    while (parent != null && path.length < 4096) {
      path.push(parent);
      parent = this.tasks.get(parent)?.parentId;
    }
    return path;
  }

  /** All tasks under a task, parents before children, siblings in order. */
  descendants(task: string): string[] {
    const found: string[] = [];
    const stack = [...this.children.of(task)].reverse();
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      found.push(id);
      const children = this.children.of(id);
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as string);
    }
    return found;
  }

  #indexMoves(kind: RecordKind, before: StoredRecord, after: StoredRecord): boolean {
    switch (kind) {
      case "tasks":
        return before.parentId !== after.parentId || before.orderKey !== after.orderKey || before.calendar !== after.calendar;
      case "resources":
        return before.calendar !== after.calendar;
      case "dependencies":
        return before.fromTask !== after.fromTask || before.toTask !== after.toTask || before.calendar !== after.calendar;
      case "assignments":
        return before.event !== after.event || before.resource !== after.resource;
      case "calendars":
        return before.parentId !== after.parentId;
      case "comments":
        return before.task !== after.task;
      default:
        return false;
    }
  }

  #index(kind: RecordKind, record: StoredRecord, bulk: boolean): void {
    const id = record.id;
    switch (kind) {
      case "tasks": {
        const task = record as TaskRecord;
        if (bulk) this.children.insertUnsorted(task);
        else this.children.insert(task);
        this.calendarUsers.add(task.calendar, `tasks/${id}`);
        break;
      }
      case "resources":
        this.calendarUsers.add((record as ResourceRecord).calendar, `resources/${id}`);
        break;
      case "dependencies": {
        const link = record as DependencyRecord;
        this.successors.add(link.fromTask, id);
        this.predecessors.add(link.toTask, id);
        this.linkOf.set(pairKey(link.fromTask, link.toTask), id);
        this.calendarUsers.add(link.calendar, `dependencies/${id}`);
        break;
      }
      case "assignments": {
        const { event, resource } = record as AssignmentRecord;
        this.assignmentsOfTask.add(event, id);
        this.assignmentsOfResource.add(resource, id);
        this.assignmentOf.set(pairKey(event, resource), id);
        break;
      }
      case "calendars":
        this.calendarChildren.add((record as CalendarRecord).parentId, id);
        break;
      case "comments":
        this.commentsOfTask.add((record as CommentRecord).task, id);
        break;
    }
  }

  #unindex(kind: RecordKind, record: StoredRecord): void {
    const id = record.id;
    switch (kind) {
      case "tasks": {
        const task = record as TaskRecord;
        this.children.remove(task);
        this.calendarUsers.delete(task.calendar, `tasks/${id}`);
        break;
      }
      case "resources":
        this.calendarUsers.delete((record as ResourceRecord).calendar, `resources/${id}`);
        break;
      case "dependencies": {
        const link = record as DependencyRecord;
        this.successors.delete(link.fromTask, id);
        this.predecessors.delete(link.toTask, id);
        const pair = pairKey(link.fromTask, link.toTask);
        if (this.linkOf.get(pair) === id) this.linkOf.delete(pair);
        this.calendarUsers.delete(link.calendar, `dependencies/${id}`);
        break;
      }
      case "assignments": {
        const { event, resource } = record as AssignmentRecord;
        this.assignmentsOfTask.delete(event, id);
        this.assignmentsOfResource.delete(resource, id);
        const pair = pairKey(event, resource);
        if (this.assignmentOf.get(pair) === id) this.assignmentOf.delete(pair);
        break;
      }
      case "calendars":
        this.calendarChildren.delete((record as CalendarRecord).parentId, id);
        break;
      case "comments":
        this.commentsOfTask.delete((record as CommentRecord).task, id);
        break;
    }
  }
}
