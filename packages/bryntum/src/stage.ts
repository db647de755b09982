import type { LiveProject, Resolution } from "@livegantt/client";
import type { Conflict, Registers, Snapshot } from "@livegantt/core";
import type { Binding } from "./binding.ts";
import { toast } from "./bryntumClasses.ts";
import { ConflictDialog } from "./conflictDialog.ts";
import { type ChosenResolution, type ConflictEntry, entryOf, resolutionOf } from "./conflictEntries.ts";
import { GanttLink, type LinkOptions } from "./ganttLink.ts";
import { GanttFinder } from "./gantts.ts";
import { fillToolbar, type ToolbarState } from "./toolbar.ts";
import type { GanttLike } from "./types.ts";

/** What people see of the others: toolbars and frames of every Gantt on the project, and the one dialog of conflicts. */
export class Stage {
  readonly #live: LiveProject;
  readonly #binding: Binding;
  readonly #options: LinkOptions;
  readonly #finder: GanttFinder;
  readonly #links = new Map<GanttLike, GanttLink>();
  #dialog: ConflictDialog | undefined;
  #destroyed = false;

  constructor(live: LiveProject, binding: Binding, options: LinkOptions) {
    this.#live = live;
    this.#binding = binding;
    this.#options = options;
    this.#finder = new GanttFinder(binding.project, (gantt) => this.#attach(gantt));
  }

  get gantts(): readonly GanttLike[] {
    return [...this.#links.keys()];
  }

  add(gantt: GanttLike): void {
    this.#finder.add(gantt);
  }

  /** Looks for Gantts and fills their toolbars. */
  refresh(): void {
    if (this.#destroyed) return;
    this.#finder.look();
    for (const gantt of this.#links.keys()) this.#fill(gantt);
  }

  updateFrames(): void {
    for (const link of this.#links.values()) link.frames?.update();
  }

  /** Those of the tasks that this person has open in an editor or in hand. */
  editedAmong(tasks: ReadonlySet<string> | undefined): string[] {
    const open = [...this.#links.values()].flatMap(({ editing }) => (editing && tasks?.has(editing.taskId) ? [editing.taskId] : []));
    return [...new Set(open)];
  }

  /** The dialog follows the inbox; `open`: it opens by itself where there is something to decide. */
  conflictsChanged(open: boolean): void {
    if (this.#dialog && !this.#dialog.isDestroyed) this.#dialog.update(this.#entries());
    else if (open && this.#links.size > 0) this.showInbox();
  }

  showInbox(): ConflictDialog | undefined {
    const entries = this.#entries();
    if (entries.length === 0) return undefined;
    if (this.#dialog && !this.#dialog.isDestroyed) {
      this.#dialog.update(entries);
      return this.#dialog;
    }
    this.#dialog = new ConflictDialog({
      entries,
      texts: this.#options.texts,
      onResolve: (resolution: ChosenResolution, entry: ConflictEntry) => this.#resolve(entry.id, resolutionOf(resolution)),
      onResolveAll: (choice: "keep_local" | "accept_server") => {
        for (const { id } of this.#live.conflicts) this.#resolve(id, choice);
      },
      onClose: () => {
        this.#dialog = undefined;
      },
    });
    return this.#dialog;
  }

  /** A conflict that is not in the inbox, in the form the document gives it. */
  showOne(conflict: Conflict, serverState: Partial<Snapshot>, resolve: (id: string, resolution: ChosenResolution) => void): ConflictDialog {
    const task = serverState.tasks?.find(({ id }) => id === conflict.id);
    const localChanges = Object.fromEntries(Object.entries(conflict.fields ?? {}).map(([field, { local }]) => [field, local])) as Registers;
    const serverValues = Object.fromEntries(Object.entries(conflict.fields ?? {}).map(([field, { server }]) => [field, server])) as Registers;
    return new ConflictDialog({
      title: this.#options.texts.conflictOf(task?.name ?? this.#nameOf(conflict.collection, conflict.id)),
      localChanges,
      serverState: { ...(task as Registers | undefined), ...serverValues },
      texts: this.#options.texts,
      onResolve: (resolution: ChosenResolution) => resolve(conflict.id, resolution),
    });
  }

  destroy(): void {
    this.#destroyed = true;
    this.#finder.destroy();
    this.#dialog?.destroy?.();
  }

  /** A choice that cannot be carried out any more leaves its conflict open, and the person is told why. */
  #resolve(id: string, choice: Resolution): void {
    try {
      this.#live.resolve(id, choice);
    } catch (error) {
      toast(this.#options.texts.refused(error instanceof Error ? error.message : String(error)));
    }
  }

  #attach(gantt: GanttLike): () => void {
    const link = new GanttLink(gantt, this.#live, this.#binding, this.#options);
    this.#links.set(gantt, link);
    const click = (event: Event): void => {
      if ((event.target as HTMLElement | null)?.closest?.(".lg-open-conflicts")) this.showInbox();
    };
    gantt.element.addEventListener("click", click);
    this.#fill(gantt);
    return () => {
      this.#links.delete(gantt);
      gantt.element?.removeEventListener("click", click);
      link.destroy();
    };
  }

  #fill(gantt: GanttLike): void {
    const { presence, clientId, status, retryInMs, pendingCount, conflicts } = this.#live;
    const state: ToolbarState = { users: presence, ownClientId: clientId, status, retryInMs, unsaved: pendingCount, toDecide: conflicts.length };
    fillToolbar(gantt, state, this.#options.texts);
  }

  #entries(): ConflictEntry[] {
    return this.#live.conflicts.map((open) => entryOf(open, (collection, id) => this.#nameOf(collection, id)));
  }

  #nameOf(collection: string, id: string): string {
    const record = this.#live.state.get(collection as "tasks", id) as { readonly name?: string | null } | undefined;
    return record?.name || id;
  }
}
