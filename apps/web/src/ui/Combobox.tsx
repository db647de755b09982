import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
}

export interface ComboboxProps {
  readonly label: string;
  /** Choices for what was typed so far, best first. */
  readonly find: (text: string) => readonly Choice[];
  readonly onPick: (id: string) => void;
  /** Offered where nothing is called exactly as typed. */
  readonly onCreate?: (text: string) => void;
  readonly createLabel?: (text: string) => string;
  readonly testId?: string;
}

const creation = "\u0000new";

/** A text field with a list of choices: arrows, Enter, Escape. Empties itself after a choice. */
export function Combobox({ label, find, onPick, onCreate, createLabel, testId }: ComboboxProps): ReactNode {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const listId = useId();
  const typed = text.trim();
  const found = open ? find(typed) : [];
  const create = onCreate && typed !== "" && !found.some((choice) => choice.label.toLowerCase() === typed.toLowerCase());
  const choices: readonly Choice[] = create ? [...found, { id: creation, label: createLabel?.(typed) ?? `Add “${typed}”` }] : found;
  const pick = (choice: Choice | undefined): void => {
    if (!choice) return;
    if (choice.id === creation) onCreate?.(typed);
    else onPick(choice.id);
    setText("");
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setActive((at) => (choices.length === 0 ? 0 : (at + (event.key === "ArrowDown" ? 1 : -1) + choices.length) % choices.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(choices[active]);
    } else if (event.key === "Escape" && (open || text !== "")) {
      event.stopPropagation();
      setOpen(false);
      setText("");
    }
  };
  return (
    <div className="combobox">
      <input
        className="input"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={listId}
        aria-activedescendant={open && choices[active] ? `${listId}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={label}
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        data-testid={testId}
      />
      {open && choices.length > 0 && (
        <div id={listId} role="listbox" aria-label={label} className="combobox-list">
          {choices.map((choice, i) => (
            <div
              key={choice.id}
              id={`${listId}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              className={i === active ? "active" : undefined}
              onPointerDown={(event) => {
                event.preventDefault();
                pick(choice);
              }}
            >
              {choice.hint && <span className="muted">{choice.hint}</span>} {choice.label}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
