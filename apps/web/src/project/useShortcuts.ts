import { useEffect, useRef } from "react";

export interface Shortcut {
  /** As people write it: `Ctrl+Z`, `Alt+Shift+→`, `?`. */
  readonly keys: readonly string[];
  readonly what: string;
  readonly run: () => void;
}

const names: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", "-": "−" };

/** What was pressed, in the words of the shortcuts. Shift is told only beside another modifier: `?` is itself a shifted key. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = names[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const control = event.ctrlKey || event.metaKey;
  return [control && "Ctrl", event.altKey && "Alt", event.shiftKey && (control || event.altKey) && "Shift", key].filter(Boolean).join("+");
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== "checkbox"));

/** Shortcuts of the page. Not while somebody types, nor under an open dialog or menu. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const run = (event: KeyboardEvent, name: string): void => {
      if (event.defaultPrevented || typing(event.target) || document.querySelector("[role=dialog],[role=menu]")) return;
      const found = current.current.find((shortcut) => shortcut.keys.includes(name));
      if (!found) return;
      event.preventDefault();
      event.stopPropagation();
      found.run();
    };
    // Combinations come first: the grid takes every arrow key for itself, with or without modifiers.
    const onCapture = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) run(event, keyName(event));
    };
    const onBubble = (event: KeyboardEvent): void => run(event, keyName(event));
    window.addEventListener("keydown", onCapture, { capture: true });
    window.addEventListener("keydown", onBubble);
    return () => {
      window.removeEventListener("keydown", onCapture, { capture: true });
      window.removeEventListener("keydown", onBubble);
    };
  }, []);
}
