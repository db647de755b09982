import type { ChangeEvent, ScheduleWatch } from "@livegantt/client";
import { inPlanOrder } from "../edits/placement.ts";
import type { Plan } from "../edits/plan.ts";
import type { Holds } from "./holds.ts";
import { isShownCritical, linkOf, rowChanges, rowOf } from "./rows.ts";
import { type ChartRow, type SvarApi, stateOf, type TreeRow } from "./svarApi.ts";

/** Marks the adapter's own actions: an interceptor lets them pass and no edit comes of them (A4). */
export const own = Symbol("livegantt");

/**
 * Brings the chart's rows to what the plan says. Always by comparing the row on screen with the plan, so that it does not matter what the chart did to a row meanwhile.
 * Values go in with the chart's event source for nested roll-ups, which takes dates as they are: it neither rolls up nor shifts children, and draws nothing until asked.
 */
export class Feed {
  readonly #api: SvarApi;
  readonly #plan: Plan;
  readonly #holds: Holds;
  readonly #moves: Pick<ScheduleWatch, "take">;
  readonly #tasks = new Set<string>();
  readonly #links = new Set<string>();
  #all = false;
  #redraw = false;

  /** `moves`: what of the schedule differs since it was last asked, of which this feed is the only reader. */
  constructor(api: SvarApi, plan: Plan, holds: Holds, moves: Pick<ScheduleWatch, "take">) {
    this.#api = api;
    this.#plan = plan;
    this.#holds = holds;
    this.#moves = moves;
  }

  note(change: ChangeEvent): void {
    if (change.origin === "load") this.#all = true;
    for (const id of change.touched.get("tasks") ?? []) this.#tasks.add(id);
    for (const id of change.touched.get("dependencies") ?? []) this.#links.add(id);
    this.#redraw = true;
  }

  noteTask(id: string): void {
    this.#tasks.add(id);
    this.#redraw = true;
  }

  get idle(): boolean {
    return !this.#redraw && !this.#all;
  }

  flush(): void {
    if (this.idle) return;
    this.#noteMoves();
    const held = new Set<string>();
    const living: string[] = [];
    const gone: string[] = [];
    for (const id of this.#tasks) {
      if (this.#holds.has(id)) held.add(id);
      else (this.#plan.state.tasks.has(id) ? living : gone).push(id);
    }
    for (const id of gone) this.#remove(id, held);
    for (const id of inPlanOrder(this.#plan.state, living)) this.#place(id);
    for (const id of living) this.#values(id);
    for (const id of this.#links) this.#link(id);
    this.#tasks.clear();
    this.#links.clear();
    for (const id of held) this.#tasks.add(id);
    this.#redraw = false;
    this.#all = false;
    this.#draw();
  }

  /** One change may shift any number of dates: the schedule says which. Of tasks that only became critical or ceased to be, most look as before. */
  #noteMoves(): void {
    const { all, changed, late } = this.#moves.take();
    if (all || this.#all) {
      this.#noteEverything();
      return;
    }
    for (const id of changed) this.#tasks.add(id);
    const { tasks } = this.#plan.schedule;
    for (const id of late) {
      const row = this.#row(id);
      if (row && isShownCritical(row) !== tasks.isCritical(id)) this.#tasks.add(id);
    }
  }

  /** After a full sync anything may differ: every row on screen and every task of the plan is looked at. */
  #noteEverything(): void {
    for (const id of this.#plan.state.tasks.keys()) this.#tasks.add(id);
    for (const id of this.#plan.state.dependencies.keys()) this.#links.add(id);
    for (const row of this.#rows()) this.#tasks.add(row.id);
    const links = (this.#api.getState() as { links: { map<T>(pick: (link: { id: string }) => T): T[] } }).links.map((link) => link.id);
    for (const id of links) this.#links.add(id);
  }

  #rows(): TreeRow[] {
    const found: TreeRow[] = [];
    const stack = [...(this.#row(0)?.data ?? [])];
    for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
      found.push(row);
      stack.push(...(row.data ?? []));
    }
    return found;
  }

  #row(id: string | 0): TreeRow | undefined {
    return stateOf(this.#api).tasks.byId(id);
  }

  #exec(action: string, params: Record<string, unknown>): void {
    // Handlers run before `exec` gives way; what it returns tells nothing that is needed.
    void this.#api.exec(action, { ...params, skipUndo: true, [own]: true });
  }

  /** A row in hand, or one above it, stays until it is let go: the chart throws on each mouse move over a row that is gone. */
  #remove(id: string, held: Set<string>): void {
    if (!this.#row(id)) return;
    const inHand = this.#holds.current?.id;
    if (inHand !== undefined && this.#above(inHand).includes(id)) held.add(id);
    else this.#exec("delete-task", { id });
  }

  #above(id: string): string[] {
    const path: string[] = [];
    for (let row = this.#row(id); row && row.parent !== 0; row = this.#row(row.parent)) path.push(row.parent);
    return path;
  }

  /** Puts a row where the plan has it: behind the nearest earlier sibling that is on screen, else before the next, else as the only child. */
  #place(id: string): void {
    const parent = this.#plan.state.tasks.get(id)?.parentId ?? null;
    const siblings = this.#plan.state.children.of(parent);
    const at = siblings.indexOf(id);
    const onScreen = (sibling: string): boolean => sibling !== id && this.#row(sibling)?.parent === (parent ?? 0);
    const before = siblings.slice(0, at).findLast(onScreen);
    const present = this.#row(id);
    if (present && present.parent === (parent ?? 0) && this.#previous(present) === before) return;
    const after = before === undefined ? siblings.slice(at + 1).find(onScreen) : undefined;
    const target = before ?? after ?? parent ?? undefined;
    const mode = before !== undefined ? "after" : after !== undefined ? "before" : "child";
    if (present) {
      if (target !== undefined) this.#exec("move-task", { id, target, mode });
      return;
    }
    const row = rowOf(this.#plan, id);
    if (!row) return;
    const first = mode === "child" && parent !== null;
    this.#exec("add-task", { task: { ...row }, ...(target === undefined ? {} : { target, mode }), select: false });
    // A leaf that just became a summary would hide what it got.
    if (first && parent !== null) this.#exec("open-task", { id: parent, mode: true });
  }

  #previous(row: TreeRow): string | undefined {
    const branch = this.#row(row.parent)?.data ?? [];
    return branch[branch.findIndex((sibling) => sibling.id === row.id) - 1]?.id;
  }

  #values(id: string): void {
    const row = this.#row(id);
    const next = row && rowOf(this.#plan, id);
    const changes = next && rowChanges(row, next);
    if (changes) this.#exec("update-task", { id, task: changes, eventSource: "update-task" });
  }

  #link(id: string): void {
    const record = this.#plan.state.dependencies.get(id);
    const present = stateOf(this.#api).links.byId(id);
    const wanted = record && record.active !== false ? linkOf(record) : undefined;
    if (!wanted) {
      if (present) this.#exec("delete-link", { id });
    } else if (!present) this.#exec("add-link", { link: { ...wanted } });
    else if (present.type !== wanted.type || present.lag !== wanted.lag) this.#exec("update-link", { id, link: { type: wanted.type, lag: wanted.lag } });
  }

  /** One drawing for everything that went in. Cells and bars read the plan when drawn, so this also shows what no row carries (resources, comments). */
  #draw(): void {
    const any: ChartRow | undefined = this.#row(0)?.data?.[0];
    if (any) this.#exec("update-task", { id: any.id, task: {}, eventSource: "schedule-tasks" });
  }
}
