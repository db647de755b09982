import type { LiveProject, Transaction } from "@livegantt/client";
import { barEdit, chartDate } from "./chart/barEdits.ts";
import { cellEdit, columnOfField, fieldOfColumn } from "./chart/cellEdits.ts";
import { commitEdit } from "./chart/commit.ts";
import { Feed, own } from "./chart/feed.ts";
import { type Hold, Holds } from "./chart/holds.ts";
import { PresenceSheet, presenceRules } from "./chart/presenceSheet.ts";
import { revealBar, revealRow } from "./chart/reveal.ts";
import { type SvarApi, type SvarEvent, type SvarTable, stateOf } from "./chart/svarApi.ts";
import { linkTasks, linkTypeOf } from "./edits/links.ts";
import { addTask, copyTask, indentTasks, outdentTasks, type Place, placeTasks, removeTasks, stepTask } from "./edits/placement.ts";
import { mayEdit } from "./mayEdit.ts";
import { toWall } from "./wall.ts";

export interface SvarOptions {
  /** An edit that cannot be done, for a message to the person. */
  readonly onError?: (error: unknown) => void;
  /** The row in hand was changed, or deleted, by somebody else meanwhile. */
  readonly onChangedMeanwhile?: (event: { readonly taskId: string; readonly by: string | undefined; readonly deleted: boolean }) => void;
  /** A double click on a bar, or the chart's own wish to open its editor. */
  readonly onOpenTask?: (taskId: string) => void;
  readonly onSelect?: (taskIds: readonly string[]) => void;
  /** Dates of a dragged bar snap to this many minutes. By default a day, or an hour where the chart's smallest scale is hours. */
  readonly snapMinutes?: () => number;
  readonly newTaskName?: string;
  readonly editingText?: (name: string) => string;
  readonly document?: Document | ShadowRoot;
}

const ghostMs = 80;
/** Longer than the two clicks of a double click lie apart. */
const doubleClickMs = 400;

/**
 * Binds one project to one SVAR Gantt. Every edit of the chart is caught before the chart does it, becomes a changeset, and comes back to the chart as the plan then
 * has it, with computed dates: a local edit takes the same way as a remote one, so nothing can echo and the chart's own roll-ups and cascades never run.
 * Returns the function that unbinds.
 */
export function bindSvar(live: LiveProject, api: SvarApi, options: SvarOptions = {}): () => void {
  const tag = Symbol("livegantt");
  const holds = new Holds();
  const moves = live.watchSchedule();
  const feed = new Feed(api, live, holds, moves);
  const root = options.document ?? document;
  const sheet = new PresenceSheet(root);
  const editable = (): boolean => mayEdit(live);
  const stops: (() => void)[] = [];
  let frame: (() => void) | undefined;
  let ghostAt = 0;
  let revealing: ReturnType<typeof setTimeout> | undefined;
  let dragged: { readonly id: string; readonly left: number | undefined; readonly width: number | undefined } | undefined;

  const flush = (): void => {
    frame?.();
    frame = undefined;
    if (feed.idle) return;
    feed.flush();
    // Drawing puts every bar where its dates say, the one under the pointer too: give it back to the pointer.
    if (dragged && holds.has(dragged.id)) void api.exec("drag-task", { ...dragged, inProgress: true, [own]: true });
  };
  const flushSoon = (): void => {
    frame ??= nextFrame(flush);
  };

  /** One action of the person; a law that forbids it is told and nothing changes. */
  const edit = (intent: string, run: (tx: Transaction) => void, hold?: Hold): boolean => {
    let done = false;
    try {
      commitEdit(live, intent, hold?.seen, run);
      done = true;
    } catch (error) {
      options.onError?.(error);
    }
    flush();
    return done;
  };

  const select = (
    mode: "select" | "edit" | "drag",
    taskId: string | null,
    more: { field?: string; ghost?: { startDate: string; endDate: string } } = {},
  ): void => live.select({ taskId, mode, ...more });

  const take = (id: string, mode: Hold["mode"], field?: string): void => {
    const seen = live.state.tasks.get(id);
    if (seen) holds.take(id, mode, seen, field);
  };

  /** Lets the row go: what was held back goes in, and the person is told of it. */
  const release = (): Hold | undefined => {
    const hold = holds.release();
    dragged = undefined;
    if (!hold) return undefined;
    feed.noteTask(hold.id);
    if (hold.changedBy !== undefined || !live.state.tasks.has(hold.id))
      options.onChangedMeanwhile?.({ taskId: hold.id, by: hold.changedBy || undefined, deleted: !live.state.tasks.has(hold.id) });
    select("select", hold.id);
    return hold;
  };

  const intercept = (action: string, handle: (event: SvarEvent, id: string) => unknown): void =>
    api.intercept(
      action,
      (event) => {
        if ((event as Record<symbol, unknown>)[own]) return true;
        if (!editable()) return false;
        return handle(event, String(event.id ?? ""));
      },
      { tag },
    );

  const placeOf = (target: unknown, mode: unknown): Place => {
    const id = target == null || target === 0 ? undefined : String(target);
    if (id === undefined || !live.state.tasks.has(id)) return { parentId: null, after: live.state.children.of(null).at(-1) ?? null };
    if (mode === "child") return { parentId: id, after: live.state.children.of(id).at(-1) ?? null };
    const parentId = live.state.tasks.get(id)?.parentId ?? null;
    const siblings = live.state.children.of(parentId);
    return { parentId, after: mode === "before" ? (siblings[siblings.indexOf(id) - 1] ?? null) : id };
  };

  intercept("update-task", (event, id) => {
    // The chart's roll-ups and shifts: computed values, never edits.
    if (event.eventSource !== undefined) return false;
    if (event.inProgress === true) {
      take(id, "drag", "percentDone");
      select("drag", id, { field: "percentDone" });
      return true;
    }
    const row = stateOf(api).tasks.byId(id);
    const hold = release();
    const change = row && barEdit(live, row, event, stateOf(api)._scales.lengthUnit, snapOf());
    if (change && live.state.tasks.has(id)) edit(change.intent, change.run, hold);
    else flush();
    return false;
  });

  const snapOf = (): number => options.snapMinutes?.() ?? (stateOf(api).lengthUnit === "hour" && stateOf(api).cellWidth >= 24 ? 60 : 1440);

  api.intercept(
    "drag-task",
    (event) => {
      if ((event as Record<symbol, unknown>)[own]) return true;
      const id = String(event.id);
      if (event.inProgress) {
        if (!editable()) return false;
        take(id, "drag");
        dragged = { id, left: event.left, width: event.width };
        const now = Date.now();
        const ghost = now - ghostAt >= ghostMs ? ghostOf(id, event) : undefined;
        if (ghost) {
          ghostAt = now;
          select("drag", id, { ghost });
        }
      } else {
        release();
        flushSoon();
      }
      return true;
    },
    { tag },
  );

  const ghostOf = (id: string, event: SvarEvent): { startDate: string; endDate: string } | undefined => {
    const row = stateOf(api).tasks.byId(id);
    if (!row || event.left === undefined || event.width === undefined) return undefined;
    const state = stateOf(api);
    return { startDate: toWall(chartDate(state, event.left)), endDate: toWall(chartDate(state, event.left + event.width)) };
  };

  intercept("move-task", (event, id) => {
    if (event.inProgress === true) {
      take(id, "drag", "parentId");
      select("drag", id);
      return true;
    }
    if (event.inProgress === false) return true;
    if (event.mode === "up" || event.mode === "down") edit("task.reorder", (tx) => stepTask(tx, live, id, event.mode as "up" | "down"));
    else edit("task.move", (tx) => placeTasks(tx, live, [id], placeOf(event.target, event.mode)));
    return false;
  });
  // A row dragged in the grid travels through the chart's tree; where it stands when dropped is where it goes.
  api.on(
    "move-task",
    (event) => {
      if ((event as Record<symbol, unknown>)[own] || event.inProgress !== false) return;
      const id = String(event.id);
      const row = stateOf(api).tasks.byId(id);
      const hold = release();
      if (!row || !live.state.tasks.has(id)) return flush();
      const branch = stateOf(api).tasks.byId(row.parent)?.data ?? [];
      const place: Place = { parentId: row.parent === 0 ? null : row.parent, after: branch[branch.findIndex((sibling) => sibling.id === id) - 1]?.id ?? null };
      const { parentId, after } = place;
      const siblings = live.state.children.of(parentId);
      const same = (live.state.tasks.get(id)?.parentId ?? null) === parentId && (siblings[siblings.indexOf(id) - 1] ?? null) === after;
      if (same) flush();
      else edit("task.reorder", (tx) => placeTasks(tx, live, [id], place), hold);
    },
    { tag },
  );

  intercept("indent-task", (event, id) => {
    if (event.mode) edit("task.indent", (tx) => indentTasks(tx, live, [id]));
    else edit("task.outdent", (tx) => outdentTasks(tx, live, [id]));
    return false;
  });

  intercept("add-task", (event) => {
    const place = placeOf(event.target ?? event.task?.parent, event.target == null ? "child" : event.mode);
    let id = "";
    const done = edit("task.add", (tx) => {
      id = addTask(tx, live, place, { name: event.task?.text || (options.newTaskName ?? "New task") });
    });
    if (!done) return false;
    event.id = id;
    if (event.select !== false) void api.exec("select-task", { id, show: true });
    return false;
  });

  intercept("copy-task", (event, id) => {
    edit("task.copy", (tx) => {
      event.id = copyTask(tx, live, id, placeOf(event.target, event.mode ?? "after"));
    });
    return false;
  });

  intercept("delete-task", (_event, id) => {
    edit("task.delete", (tx) => removeTasks(tx, live, [id]));
    return false;
  });

  intercept("add-link", ({ link }) => {
    if (link?.source != null && link.target != null)
      edit("link.add", (tx) => {
        linkTasks(tx, live, String(link.source), String(link.target), { type: linkTypeOf(link.type) });
      });
    return false;
  });
  intercept("update-link", ({ id, link }) => {
    edit("link.edit", (tx) =>
      tx.update("dependencies", String(id), {
        ...(link?.type === undefined ? {} : { type: linkTypeOf(link.type) }),
        ...(link?.lag === undefined ? {} : { lag: link.lag, lagUnit: "day" }),
      }),
    );
    return false;
  });
  intercept("delete-link", (_event, id) => {
    edit("link.delete", (tx) => tx.remove("dependencies", id));
    return false;
  });

  api.intercept(
    "show-editor",
    (event) => {
      if (event.id != null) options.onOpenTask?.(String(event.id));
      return false;
    },
    { tag },
  );
  // A click on a half visible row must not scroll it away from under the pointer: the second click of a double click would hit another row.
  api.intercept(
    "select-task",
    (event) => {
      if (event.show !== "xy" || event.focus !== "grid") return true;
      event.show = false;
      delete event.focus;
      const id = String(event.id);
      revealBar(api, id);
      clearTimeout(revealing);
      revealing = setTimeout(() => revealRow(api, id), doubleClickMs);
      return true;
    },
    { tag },
  );
  api.on(
    "select-task",
    () => {
      const selected = stateOf(api).selected.map(String);
      select("select", selected.at(-1) ?? null);
      options.onSelect?.(selected);
    },
    { tag },
  );

  let table: SvarTable | undefined;
  let bound = true;
  void Promise.resolve(api.getTable(true)).then((found) => {
    if (!bound || !found) return;
    table = found as SvarTable;
    table.intercept("open-editor", () => editable(), { tag });
    table.on(
      "open-editor",
      () => {
        const editor = table?.getState().editor;
        if (!editor) return;
        clearTimeout(revealing);
        revealRow(api, String(editor.id));
        const field = fieldOfColumn[String(editor.column)];
        take(String(editor.id), "edit", field);
        select("edit", String(editor.id), field === undefined ? {} : { field });
      },
      { tag },
    );
    table.intercept(
      "update-cell",
      (event) => {
        const id = String(event.id);
        // Let go first, so that the row's own values go in with the one drawing that the edit makes.
        const hold = holds.current?.id === id ? release() : undefined;
        try {
          const change = cellEdit(live, id, String(event.column), event.value);
          if (change && live.state.tasks.has(id)) edit(change.intent, change.run, hold);
        } catch (error) {
          options.onError?.(error);
        }
        return false;
      },
      { tag },
    );
    table.on(
      "close-editor",
      () => {
        if (holds.current?.mode === "edit") release();
        flush();
      },
      { tag },
    );
  });

  stops.push(
    live.on("change", (change) => {
      const hold = holds.current;
      if (hold && change.origin === "remote" && change.touched.get("tasks")?.has(hold.id)) hold.changedBy = change.by ?? "";
      feed.note(change);
      flushSoon();
    }),
  );
  const paint = (): void => sheet.show(presenceRules(live.selections.values(), columnOfField, options.editingText ?? ((name) => name)));
  stops.push(live.on("selection", paint), live.on("presenceUpdate", paint), live.on("disconnected", paint));
  paint();
  // What happened between drawing the first rows and binding.
  feed.note({ origin: "load", touched: new Map() });
  flushSoon();

  return () => {
    bound = false;
    clearTimeout(revealing);
    frame?.();
    for (const stop of stops) stop();
    moves.stop();
    api.detach(tag);
    table?.detach(tag);
    sheet.remove();
  };
}

/** Calls back before the next drawing; a hidden page draws nothing, so there it is a short timer. Returns the cancellation. */
function nextFrame(run: () => void): () => void {
  if (document.visibilityState === "hidden") {
    const timer = setTimeout(run, 50);
    return () => clearTimeout(timer);
  }
  const handle = requestAnimationFrame(run);
  return () => cancelAnimationFrame(handle);
}
