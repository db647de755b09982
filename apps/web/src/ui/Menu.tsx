import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** A choice that is on or off. */
  readonly checked?: boolean;
  readonly testId?: string;
}

export interface MenuProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly items: readonly MenuItem[];
  readonly buttonClass?: string;
  readonly testId?: string;
}

/** A button with a menu: arrows, Home, End and Escape as everywhere. */
export function Menu({ label, button, items, buttonClass = "icon-button", testId }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role^=menuitem]:not(:disabled)")?.focus();
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      if (event.key === "Escape") {
        event.stopPropagation();
        root.current?.querySelector("button")?.focus();
      }
    } else if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    }
  };
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className={buttonClass}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={label}
        title={label}
        onClick={() => setOpen((was) => !was)}
        data-testid={testId}
      >
        {button}
      </button>
      {open && (
        <div id={id} role="menu" tabIndex={-1} aria-label={label} className="menu-list" onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              {...(item.checked === undefined ? { role: "menuitem" } : { role: "menuitemcheckbox", "aria-checked": item.checked })}
              disabled={item.disabled}
              className={item.danger ? "danger" : undefined}
              data-testid={item.testId}
              onClick={() => {
                setOpen(false);
                root.current?.querySelector("button")?.focus();
                item.onSelect();
              }}
            >
              <span className="menu-icon">{item.checked ? "✓" : item.icon}</span>
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
