import { useSelections } from "@livegantt/react";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTaskEdits } from "./EditContext.ts";

interface ShellProps {
  readonly label: string;
  readonly field: string;
  readonly id: string;
  readonly children: ReactNode;
  readonly wide?: boolean | undefined;
}

/** Label, input, and the frame of whoever else is in this field. */
function FieldShell({ label, field, id, children, wide }: ShellProps): ReactNode {
  const { live, taskId } = useTaskEdits();
  const other = useSelections().find((selection) => selection.taskId === taskId && selection.field === field && selection.clientId !== live.clientId);
  const style = other ? ({ "--lg-user-color": other.color } as CSSProperties) : undefined;
  return (
    <div className={`field${wide ? " wide" : ""}${other ? " remote" : ""}`} style={style}>
      <label htmlFor={id}>{label}</label>
      {children}
      {other && <span className="field-other">{other.userName}</span>}
    </div>
  );
}

export interface DraftFieldProps {
  readonly label: string;
  /** Name of the field in the plan: for frames. */
  readonly field: string;
  readonly value: string;
  readonly onCommit: (text: string) => void;
  readonly type?: "text" | "date" | "number";
  readonly multiline?: boolean;
  readonly disabled?: boolean;
  readonly wide?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
}

/** A text that is written when the field is left or Enter is pressed; Escape takes it back. While typing, changes of others do not touch it but are told. */
export function DraftField({ label, field, value, onCommit, type = "text", multiline, disabled, wide, placeholder, maxLength }: DraftFieldProps): ReactNode {
  const { editable, enter, leave } = useTaskEdits();
  const [draft, setDraft] = useState<string>();
  const [base, setBase] = useState(value);
  const cancelled = useRef(false);
  const id = useId();
  const changedMeanwhile = draft !== undefined && value !== base;
  const commit = (): void => {
    const next = draft;
    setDraft(undefined);
    if (!cancelled.current && next !== undefined && next !== base) onCommit(next);
    leave();
  };
  const common = {
    id,
    className: "input",
    value: draft ?? value,
    disabled: disabled || !editable,
    placeholder,
    maxLength,
    "data-testid": `field-${field}`,
    onFocus: () => {
      cancelled.current = false;
      setBase(value);
      setDraft(value);
      enter(field);
    },
    onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
    onBlur: commit,
    onKeyDown: (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        cancelled.current = true;
        event.currentTarget.blur();
      } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) event.currentTarget.blur();
    },
  };
  return (
    <FieldShell label={label} field={field} id={id} wide={wide}>
      {multiline ? <textarea {...common} rows={4} /> : <input {...common} type={type} />}
      {changedMeanwhile && (
        <span className="field-note" role="status">
          Changed to “{value || "(empty)"}” while you typed
        </span>
      )}
    </FieldShell>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface SelectFieldProps {
  readonly label: string;
  readonly field: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onCommit: (value: string) => void;
  readonly disabled?: boolean;
  readonly wide?: boolean;
}

export function SelectField({ label, field, value, options, onCommit, disabled, wide }: SelectFieldProps): ReactNode {
  const { editable, enter, leave } = useTaskEdits();
  const id = useId();
  return (
    <FieldShell label={label} field={field} id={id} wide={wide}>
      <select
        id={id}
        className="input"
        value={value}
        disabled={disabled || !editable}
        onFocus={() => enter(field)}
        onBlur={leave}
        onChange={(event) => onCommit(event.target.value)}
        data-testid={`field-${field}`}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldShell>
  );
}

export interface CheckFieldProps {
  readonly label: string;
  readonly field: string;
  readonly checked: boolean;
  readonly onCommit: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function CheckField({ label, field, checked, onCommit, disabled }: CheckFieldProps): ReactNode {
  const { editable, enter, leave } = useTaskEdits();
  const id = useId();
  return (
    <div className="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled || !editable}
        onFocus={() => enter(field)}
        onBlur={leave}
        onChange={(event) => onCommit(event.target.checked)}
        data-testid={`field-${field}`}
      />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
