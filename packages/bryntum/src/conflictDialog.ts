import type { Registers } from "@livegantt/core";
import { widgetClass } from "./bryntumClasses.ts";
import { type ChosenResolution, type ConflictEntry, chosen, entryFromValues } from "./conflictEntries.ts";
import { conflictHtml } from "./conflictHtml.ts";
import { listen } from "./listen.ts";
import { type BryntumTexts, en } from "./texts.ts";
import type { EventSource, WidgetLike } from "./types.ts";

/** One conflict in the document's form, or a list of them. */
export interface ConflictDialogConfig {
  readonly title?: string;
  /** What this person wanted, field by field. */
  readonly localChanges?: Registers;
  /** What stands on the server. */
  readonly serverState?: Registers;
  /** Called with the choice; with a list also with the entry it is about. The dialog closes by itself when nothing is left to choose. */
  readonly onResolve?: (resolution: ChosenResolution, entry: ConflictEntry) => void;
  readonly entries?: readonly ConflictEntry[];
  /** "All of mine", "all of theirs". */
  readonly onResolveAll?: (choice: "keep_local" | "accept_server") => void;
  readonly onClose?: () => void;
  readonly texts?: BryntumTexts;
  /** Any other option of a Bryntum Popup. */
  readonly [option: string]: unknown;
}

/** A Bryntum Popup that shows conflicts. */
export interface ConflictDialog extends WidgetLike, EventSource {
  readonly entries: readonly ConflictEntry[];
  /** Shows another list; closes where it is empty. */
  update(entries: readonly ConflictEntry[]): void;
}

const dialogs = new WeakSet<object>();
const own = new Set(["localChanges", "serverState", "onResolve", "entries", "onResolveAll", "onClose", "texts"]);

function build(config: ConflictDialogConfig = {}): ConflictDialog {
  const texts = config.texts ?? en;
  const single = config.entries === undefined ? entryFromValues(config.title ?? "", config.localChanges ?? {}, config.serverState ?? {}) : undefined;
  let entries = single ? [single] : (config.entries ?? []);
  const title = (): string => config.title ?? texts.conflictTitle(entries.length);
  const popup = new (widgetClass("popup"))({
    cls: "conflict-dialog",
    title: title(),
    modal: true,
    centered: true,
    closable: true,
    autoShow: true,
    autoClose: false,
    closeAction: "destroy",
    scrollable: { overflowY: true },
    width: "min(44em, 94vw)",
    maxHeight: "86vh",
    rootElement: typeof document === "undefined" ? undefined : document.body,
    items: { list: { type: "widget", cls: "lg-conflict-list", html: conflictHtml(entries, texts) } },
    ...Object.fromEntries(Object.entries(config).filter(([name]) => !own.has(name))),
    ...(config.onResolveAll
      ? {
          bbar: {
            items: {
              spacer: "->",
              allTheirs: { type: "button", text: texts.allOfTheirs, onClick: () => config.onResolveAll?.("accept_server") },
              allMine: { type: "button", text: texts.allOfMine, onClick: () => config.onResolveAll?.("keep_local") },
            },
          },
        }
      : {}),
  });
  // One decision has buttons of its own; those for all of them would say the same again.
  const showCount = (): void => {
    popup.element.classList.toggle("lg-one", entries.length === 1);
  };
  const dialog = Object.assign(popup as unknown as ConflictDialog & { title: string }, {
    update(next: readonly ConflictEntry[]) {
      if (popup.isDestroyed) return;
      if (next.length === 0) {
        popup.destroy?.();
        return;
      }
      entries = next;
      dialog.title = title();
      showCount();
      const list = popup.widgetMap?.list;
      if (list) list.html = conflictHtml(entries, texts);
      focusFirst(popup.element);
    },
  });
  Object.defineProperty(dialog, "entries", { get: () => entries, configurable: true });
  dialogs.add(dialog);
  const click = (event: Event): void => {
    const button = (event.target as HTMLElement | null)?.closest?.<HTMLElement>("button[data-choice]");
    const entry = button && entries.find(({ id }) => id === button.dataset.conflict);
    if (!button || !entry) return;
    const choice = button.dataset.choice;
    const resolution = chosen(entry, choice === "merge" ? picked(button) : choice === "theirs" ? "theirs" : "mine");
    config.onResolve?.(resolution, entry);
    if (single) popup.destroy?.();
  };
  popup.element.addEventListener("click", click);
  showCount();
  const off = listen(popup, {
    beforeDestroy: () => {
      popup.element.removeEventListener("click", click);
      off();
      config.onClose?.();
    },
  });
  focusFirst(popup.element);
  return dialog;
}

function picked(button: HTMLElement): Map<string, "mine" | "theirs"> {
  const radios = button.closest("section")?.querySelectorAll<HTMLInputElement>("input[type=radio]:checked") ?? [];
  return new Map([...radios].map((radio) => [radio.dataset.field ?? "", radio.value === "theirs" ? "theirs" : "mine"]));
}

const focusFirst = (element: HTMLElement): void => element.querySelector<HTMLElement>("button[data-choice]")?.focus({ preventScroll: true });

/**
 * `new ConflictDialog({ title, localChanges, serverState, onResolve })`: local beside server value, keep mine, take theirs, or merge field by field. What is made is
 * a Popup of the Bryntum that runs on the page, so every option of a Popup can be given.
 */
export const ConflictDialog = Object.defineProperty(
  function ConflictDialog(config?: ConflictDialogConfig) {
    return build(config);
  } as unknown as { new (config?: ConflictDialogConfig): ConflictDialog },
  Symbol.hasInstance,
  { value: (object: unknown) => typeof object === "object" && object !== null && dialogs.has(object) },
);
