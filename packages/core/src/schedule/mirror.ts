import type { Touched } from "../changes/changeset.ts";
import { body, gate, head, none } from "../graph/precedenceGraph.ts";
import type { DependencyRecord, RecordKind, TaskRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import type { CalendarSet } from "./calendarSet.ts";
import { InputReader } from "./inputReader.ts";
import { inactive, manual, projectStartOf } from "./inputs.ts";
import { Plan } from "./plan.ts";

/** What the engine does when the mirror finds a change. Nodes are node codes of the graph. */
export interface MirrorEvents {
  /** The early dates of a node must be computed again. */
  forward(node: number): void;
  /** The late dates of a node must be computed again. */
  backward(node: number): void;
  /** Dates of a slot count for nothing any more: it is new, of another kind, of another length or counted in another calendar. */
  forget(slot: number): void;
  /** Which tasks stand at the top level, or count there, has changed. */
  top(): void;
  /** Something shown of a task may have changed besides its dates. */
  shown(id: string): void;
  /** Children of a task (null: the top level) came, went or changed places. */
  reordered(parent: string | null): void;
}

const nobody: ReadonlySet<string> = new Set();

/** Keeps graph and columns equal to a project, at the cost of what changed. */
export class Mirror {
  readonly plan = new Plan();
  readonly #state: ProjectState;
  readonly #events: MirrorEvents;
  readonly #reader: InputReader;
  readonly #assignments = new Map<string, { readonly event: string; readonly resource: string }>();
  readonly #orderKeys: (string | null | undefined)[] = [];

  constructor(state: ProjectState, events: MirrorEvents) {
    this.#state = state;
    this.#events = events;
    this.#reader = new InputReader(state, this.plan);
    this.#load();
  }

  #load(): void {
    const state = this.#state;
    const { graph, order } = this.plan;
    graph.reserve(state.tasks.size, state.dependencies.size);
    for (const id of state.tasks.keys()) graph.summary[graph.addTask(id)] = state.isSummary(id) ? 1 : 0;
    for (let slot = graph.slots - 1; slot >= 0; slot--) graph.attach(slot, this.#parentSlot(state.tasks.get(graph.ids[slot] as string) as TaskRecord));
    for (const [id, { event, resource }] of state.assignments) this.#assignments.set(id, { event, resource });
    for (const [id, link] of state.dependencies) this.#connect(id, link);
    this.plan.reserve();
    this.readAll();
    order.rebuild();
  }

  #parentSlot(task: TaskRecord): number {
    return task.parentId == null ? none : (this.plan.graph.slotOf.get(task.parentId) ?? none);
  }

  /** How many tasks are placed at the other end of their slack. */
  get contraries(): number {
    return this.#reader.contraries;
  }

  get calendars(): CalendarSet {
    return this.#reader.calendars;
  }

  /** Reads the project and every task and link again; the graph stays. */
  readAll(): void {
    const { graph } = this.plan;
    this.#reader.project();
    for (let slot = graph.firstTop; slot !== none; slot = this.#nextInTree(slot)) this.#read(slot);
    this.#readLinks();
  }

  #readLinks(): void {
    for (const [id, link] of this.plan.graph.linkOf) this.#reader.link(link, this.#state.dependencies.get(id) as DependencyRecord);
  }

  #read(slot: number): void {
    this.#reader.task(slot);
    this.#orderKeys[slot] = this.#state.tasks.get(this.plan.graph.ids[slot] as string)?.orderKey;
  }

  /** The tree, parents before children. */
  #nextInTree(slot: number, root: number = none): number {
    const { firstChild, nextSibling, parent } = this.plan.graph;
    if ((firstChild[slot] as number) !== none) return firstChild[slot] as number;
    for (let at = slot; at !== root && at !== none; at = parent[at] as number) if ((nextSibling[at] as number) !== none) return nextSibling[at] as number;
    return none;
  }

  #connect(id: string, { fromTask, toTask, type }: DependencyRecord): number {
    const { graph } = this.plan;
    const from = graph.slotOf.get(fromTask);
    const to = graph.slotOf.get(toTask);
    return from === undefined || to === undefined || from === to ? none : graph.addLink(id, from, to, type ?? 2);
  }

  /** Whether records of the project or its calendars changed that everything depends on. */
  #isGlobal(touched: Touched, project: ProjectState["project"]): boolean {
    const after = this.#state.project;
    if (touched.has("project") && globalFields.some((field) => project[field] !== after[field])) return true;
    const ids = touched.get("calendars") ?? nobody;
    if (ids.size === 0) return false;
    const { calendarUsers, calendarChildren } = this.#state;
    if (this.calendars.uses(ids)) return true;
    for (const id of ids) if (calendarUsers.has(id) || calendarChildren.has(id) || after.calendar === id) return true;
    return false;
  }

  /** Takes over changes. `project` is the project record as it was. True where everything must be computed again. */
  update(touched: Touched, project: ProjectState["project"]): boolean {
    const { graph, order } = this.plan;
    const state = this.#state;
    const events = this.#events;
    const whole = this.#isGlobal(touched, project);
    const reread = new Set<number>();
    const relink = new Set<string>();
    const kin = new Set<string>();
    const arriving = new Set<string>();
    let shape = false;

    for (const id of touched.get("tasks") ?? nobody) {
      const task = state.tasks.get(id);
      const slot = graph.slotOf.get(id);
      if (slot === undefined) {
        if (task) arriving.add(id);
        continue;
      }
      const parent = graph.parent[slot] as number;
      if (task && parent === this.#parentSlot(task) && !(task.parentId != null && parent === none)) {
        reread.add(slot);
        if (task.orderKey !== this.#orderKeys[slot]) events.reordered(task.parentId ?? null);
        continue;
      }
      shape = true;
      this.#leave(slot, kin);
      if (task) {
        arriving.add(id);
        reread.add(slot);
        continue;
      }
      for (let c = graph.firstChild[slot] as number; c !== none; c = graph.firstChild[slot] as number) {
        this.#leave(c, kin);
        arriving.add(graph.ids[c] as string);
      }
      this.#unlink(slot, relink);
      this.#reader.forget(slot);
      events.forget(slot);
      graph.removeTask(slot);
      events.shown(id);
    }
    for (const id of touched.get("dependencies") ?? nobody) {
      const link = graph.linkOf.get(id);
      if (link !== undefined) this.#cut(link);
      relink.add(id);
    }
    this.#readAssignments(touched, reread);

    const added = new Set<number>();
    for (const id of arriving) {
      kin.add(id);
      const task = state.tasks.get(id);
      if (task?.parentId != null) kin.add(task.parentId);
      if (!task || graph.slotOf.has(id)) continue;
      added.add(graph.addTask(id));
      for (const link of state.predecessors.of(id)) relink.add(link);
      for (const link of state.successors.of(id)) relink.add(link);
    }
    if (shape || arriving.size > 0 || relink.size > 0) order.touch();
    this.plan.reserve();
    for (const slot of added) {
      events.forget(slot);
      reread.add(slot);
      order.label.fill(0, 4 * slot, 4 * slot + 3);
    }
    for (const id of kin) this.#settleKind(id, reread, relink);
    let knotted = order.knotted && (arriving.size > 0 || relink.size > 0 || shape);
    const arrived: number[] = [];
    for (const id of arriving) {
      const slot = graph.slotOf.get(id);
      const task = state.tasks.get(id);
      if (slot === undefined || !task || (graph.parent[slot] as number) !== none || this.#isTop(slot)) continue;
      this.#arrive(slot, task);
      arrived.push(slot);
    }
    // All newcomers get their places before any edge is ordered: a parent that was placed after its child would stand before it.
    for (const slot of this.#topDown(added)) order.place(slot);
    for (const slot of arrived) knotted = !order.orderTask(slot) || knotted;
    if (whole) {
      this.readAll();
      for (const id of relink) this.#join(id);
      // Links that joined are read once more, with what they join in place.
      order.rebuild();
      return true;
    }
    for (const slot of this.#topDown(reread)) knotted = !this.#reread(slot) || knotted;
    for (const id of relink) {
      const link = this.#join(id);
      if (link !== none && graph.isEdge(link)) knotted = !order.orderEdge(graph.fromNode(link), graph.toNode(link)) || knotted;
    }
    if (knotted) {
      this.#readLinks();
      order.rebuild();
    }
    const start = !this.plan.backward && state.project.startDate == null && touched.has("tasks") ? projectStartOf(state) : this.plan.start;
    if (!this.plan.backward && start !== this.plan.start) {
      this.plan.start = start;
      return true;
    }
    return knotted;
  }

  #isTop(slot: number): boolean {
    return this.plan.graph.firstTop === slot || (this.plan.graph.previousSibling[slot] as number) !== none;
  }

  /** Takes a task away from its parent; its links stay. */
  #leave(slot: number, kin: Set<string>): void {
    const { graph } = this.plan;
    const parent = graph.parent[slot] as number;
    if (parent === none && !this.#isTop(slot)) return;
    this.#dirtyParent(parent);
    if (parent !== none && graph.ids[parent] !== undefined) kin.add(graph.ids[parent]);
    this.#events.reordered(parent === none ? null : (graph.ids[parent] ?? null));
    graph.detach(slot);
  }

  #arrive(slot: number, task: TaskRecord): void {
    const { graph } = this.plan;
    const parent = this.#parentSlot(task);
    graph.attach(slot, parent);
    this.#dirtyParent(parent);
    this.#dirtyAll(slot);
    this.#events.reordered(parent === none ? null : (task.parentId as string));
    this.#events.shown(task.id);
  }

  #dirtyParent(parent: number): void {
    const events = this.#events;
    if (parent === none) {
      events.top();
      return;
    }
    events.forward(4 * parent + body);
    events.forward(4 * parent + head);
    events.backward(4 * parent + gate);
  }

  #dirtyAll(slot: number): void {
    const parts = this.plan.graph.summary[slot] === 1 ? 3 : 1;
    for (let part = 0; part < parts; part++) {
      this.#events.forward(4 * slot + part);
      this.#events.backward(4 * slot + part);
    }
  }

  #cut(link: number): void {
    const { graph } = this.plan;
    this.#events.forward(graph.toNode(link));
    this.#events.backward(graph.fromNode(link));
    graph.removeLink(link);
  }

  #unlink(slot: number, relink: Set<string>): void {
    const { graph } = this.plan;
    for (const lists of [graph.firstOut, graph.firstIn])
      for (let link = lists[slot] as number; link !== none; link = lists[slot] as number) {
        relink.add(graph.linkIds[link] as string);
        this.#cut(link);
      }
  }

  #join(id: string): number {
    const { graph } = this.plan;
    const record = this.#state.dependencies.get(id);
    if (!record || graph.linkOf.has(id)) return none;
    const link = this.#connect(id, record);
    if (link === none) return none;
    this.plan.reserve();
    this.#reader.link(link, record);
    this.#events.forward(graph.toNode(link));
    this.#events.backward(graph.fromNode(link));
    this.#events.shown(record.toTask);
    return link;
  }

  #readAssignments(touched: Touched, reread: Set<number>): void {
    const { graph } = this.plan;
    const state = this.#state;
    const note = (task: string): void => {
      const slot = graph.slotOf.get(task);
      if (slot !== undefined) reread.add(slot);
    };
    for (const id of touched.get("assignments") ?? nobody) {
      const before = this.#assignments.get(id);
      const after = state.assignments.get(id);
      if (before) note(before.event);
      if (after) {
        note(after.event);
        this.#assignments.set(id, { event: after.event, resource: after.resource });
      } else this.#assignments.delete(id);
    }
    for (const id of touched.get("resources" satisfies RecordKind) ?? nobody)
      for (const assignment of state.assignmentsOfResource.of(id)) note(state.assignments.get(assignment)?.event ?? "");
  }

  /** Turns a leaf into a summary or back, where its children say so. */
  #settleKind(id: string, reread: Set<number>, relink: Set<string>): void {
    const { graph, order } = this.plan;
    const slot = graph.slotOf.get(id);
    if (slot === undefined) return;
    const summary = this.#state.isSummary(id) ? 1 : 0;
    if (graph.summary[slot] === summary) return;
    this.#unlink(slot, relink);
    graph.summary[slot] = summary;
    if (summary === 1) order.becomesSummary(slot);
    else order.becomesLeaf(slot);
    if (summary === 1) {
      const own = 4 * slot;
      order.orderEdge(own + gate, own + head);
      const parent = graph.parent[slot] as number;
      if (parent !== none || this.#isTop(slot)) order.orderTask(slot);
    }
    this.#events.forget(slot);
    this.#dirtyAll(slot);
    const parent = graph.parent[slot] as number;
    if (parent !== none || this.#isTop(slot)) this.#dirtyParent(parent);
    for (const link of this.#state.predecessors.of(id)) relink.add(link);
    for (const link of this.#state.successors.of(id)) relink.add(link);
    reread.add(slot);
    this.#events.shown(id);
  }

  /** The slots that live, parents before children. */
  #topDown(slots: ReadonlySet<number>): number[] {
    const { graph } = this.plan;
    const alive = [...slots].filter((slot) => graph.isTask(slot));
    if (alive.length < 2) return alive;
    const depthOf = (slot: number): number => {
      let depth = 0;
      for (let at = graph.parent[slot] as number; at !== none; at = graph.parent[at] as number) depth++;
      return depth;
    };
    const depth = new Map(alive.map((slot) => [slot, depthOf(slot)]));
    return alive.sort((a, b) => (depth.get(a) as number) - (depth.get(b) as number));
  }

  /** Reads a task again, and what inherits from it where that may differ. False where an edge came back that closes a cycle. */
  #reread(slot: number): boolean {
    const direction = this.#reader.directionOf(slot);
    const { flags } = this.plan.columns;
    const before = flags[slot] as number;
    let ordered = this.#rereadOne(slot);
    if (this.plan.graph.summary[slot] === 0) return ordered;
    if ((((flags[slot] as number) ^ before) & (inactive | manual)) === 0 && this.#reader.directionOf(slot) === direction) return ordered;
    for (let c = this.#nextInTree(slot, slot); c !== none; c = this.#nextInTree(c, slot)) ordered = this.#rereadOne(c) && ordered;
    return ordered;
  }

  #rereadOne(slot: number): boolean {
    const { graph, columns } = this.plan;
    const [calendar, span, flags] = [columns.calendar[slot], columns.span[slot], columns.flags[slot] as number];
    this.#read(slot);
    if (columns.calendar[slot] !== calendar || columns.span[slot] !== span) this.#events.forget(slot);
    this.#dirtyAll(slot);
    this.#events.shown(graph.ids[slot] as string);
    if ((((columns.flags[slot] as number) ^ flags) & inactive) === 0) return true;
    this.#dirtyParent(graph.parent[slot] as number);
    return this.#rereadLinks(slot);
  }

  #rereadLinks(slot: number): boolean {
    const { graph, order } = this.plan;
    let ordered = true;
    const read = (link: number): void => {
      this.#reader.link(link, this.#state.dependencies.get(graph.linkIds[link] as string) as DependencyRecord);
      this.#events.forward(graph.toNode(link));
      this.#events.backward(graph.fromNode(link));
      if (graph.isEdge(link)) ordered = order.orderEdge(graph.fromNode(link), graph.toNode(link)) && ordered;
    };
    for (let link = graph.firstOut[slot] as number; link !== none; link = graph.nextOut[link] as number) read(link);
    for (let link = graph.firstIn[slot] as number; link !== none; link = graph.nextIn[link] as number) read(link);
    order.touch();
    return ordered;
  }
}

const globalFields = [
  "startDate",
  "endDate",
  "direction",
  "calendar",
  "hoursPerDay",
  "daysPerWeek",
  "daysPerMonth",
  "honorConstraints",
  "dependenciesCalendar",
] as const;
