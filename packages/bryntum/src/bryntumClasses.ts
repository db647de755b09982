import { escapeHtml } from "./html.ts";
import type { EventSource, GanttLike, WidgetLike } from "./types.ts";

interface WidgetClass {
  new (config: Record<string, unknown>): WidgetLike & EventSource;
  resolveType?(type: string): WidgetClass | undefined;
  show?(config: Record<string, unknown>): unknown;
}

interface BryntumGlobal {
  readonly Widget?: WidgetClass;
  queryAll?(selector: string | ((widget: unknown) => boolean)): readonly unknown[];
}

let given: { readonly Widget?: unknown } | undefined;

/** Hands this package Bryntum's module, for a page where Bryntum does not announce itself as `globalThis.bryntum`. */
export function useBryntum(module: { readonly Widget?: unknown }): void {
  given = module;
}

const announced = (): BryntumGlobal | undefined => (globalThis as { bryntum?: BryntumGlobal }).bryntum;

/** A widget class of the Bryntum that the page runs, by its type name. @throws where there is none. */
export function widgetClass(type: string): WidgetClass {
  const Widget = (given?.Widget ?? announced()?.Widget) as WidgetClass | undefined;
  const found = Widget?.resolveType?.(type);
  if (!found) throw new Error(`No Bryntum "${type}" is loaded on this page. Import @bryntum/gantt before this is shown, or hand its module to useBryntum().`);
  return found;
}

/** A short message in the corner of the page. Where there is no page nothing is shown. */
export function toast(text: string): void {
  try {
    widgetClass("toast").show?.({ html: escapeHtml(text), timeout: 6000 });
  } catch {
    // Headless: there is nobody to tell.
  }
}

const isGantt = (widget: unknown): widget is GanttLike => typeof widget === "object" && widget !== null && (widget as GanttLike).isGanttBase === true;

/** Every Gantt that stands on the page. */
export const allGantts = (): readonly GanttLike[] => (announced()?.queryAll?.(isGantt) ?? []).filter(isGantt);
