"use client";
import { type RefObject, useEffect } from "react";

const focusable = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex='-1'])";

/** Keeps Tab inside the dialog, closes on Escape, and gives the focus back to where it was. */
export function useDialogFocus(ref: RefObject<HTMLElement | null>, open: boolean, onClose: () => void): void {
  useEffect(() => {
    const dialog = ref.current;
    if (!open || !dialog) return;
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    dialog.focus();
    const onKey = (event: KeyboardEvent): void => {
      // The focus falls to the page when the focused button goes, e.g. after a choice: the dialog still has the keyboard.
      if (event.target !== document.body && !dialog.contains(event.target as Node)) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        onClose();
        return;
      }
      if (event.key !== "Tab") return;
      const all = [...dialog.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.offsetParent !== null);
      const first = all[0];
      const last = all.at(-1);
      if (!first || !last) {
        event.preventDefault();
        return;
      }
      const at = document.activeElement;
      if (event.shiftKey && (at === first || at === dialog || at === document.body)) {
        event.preventDefault();
        last.focus();
      } else if (!event.shiftKey && (at === last || at === document.body)) {
        event.preventDefault();
        first.focus();
      }
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKey, { capture: true });
      before?.focus({ preventScroll: true });
    };
  }, [ref, open, onClose]);
}
