import { allGantts } from "./bryntumClasses.ts";
import type { GanttLike, ProjectLike } from "./types.ts";

const soonMs = [0, 50, 250, 1000];

/**
 * Finds every Gantt that shows a project, those made later included, and notices when one goes. Bryntum tells nobody that a Gantt was made, so the page's own
 * mutations are watched for one, besides a look now and then when something happens.
 */
export class GanttFinder {
  readonly #project: ProjectLike;
  readonly #found: (gantt: GanttLike) => () => void;
  readonly #known = new Map<GanttLike, () => void>();
  readonly #timers: ReturnType<typeof setTimeout>[];
  #observer: MutationObserver | undefined;
  #destroyed = false;

  /** `found` is called once for each Gantt and returns what to do when it is gone. */
  constructor(project: ProjectLike, found: (gantt: GanttLike) => () => void) {
    this.#project = project;
    this.#found = found;
    this.#timers = soonMs.map((ms) => setTimeout(() => this.look(), ms));
    if (typeof MutationObserver === "undefined" || typeof document === "undefined") return;
    this.#observer = new MutationObserver((records) => {
      if (records.some(({ addedNodes }) => [...addedNodes].some(mayBeGantt))) this.look();
    });
    this.#observer.observe(document.documentElement, { childList: true, subtree: true });
  }

  get gantts(): readonly GanttLike[] {
    return [...this.#known.keys()];
  }

  add(gantt: GanttLike): void {
    if (!this.#known.has(gantt) && !this.#destroyed) this.#known.set(gantt, this.#found(gantt));
  }

  look(): void {
    if (this.#destroyed) return;
    for (const [gantt, leave] of this.#known) {
      if (!gantt.isDestroyed && gantt.project === this.#project) continue;
      this.#known.delete(gantt);
      leave();
    }
    for (const gantt of allGantts()) if (!gantt.isDestroyed && gantt.project === this.#project) this.add(gantt);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#observer?.disconnect();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const leave of this.#known.values()) leave();
    this.#known.clear();
  }
}

const mayBeGantt = (node: Node): boolean =>
  node instanceof Element && (node.matches(".b-gantt, .b-ganttbase, .b-gantt-base") || node.querySelector(".b-gantt, .b-ganttbase, .b-gantt-base") !== null);
