"use client";
import type { OpenConflict, Resolution } from "@livegantt/client";
import type { Conflict } from "@livegantt/core";
import { type ReactNode, useId, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";
import { fieldLabel, formatMoment, formatValue } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";
import type { PartTexts } from "../texts/texts.ts";
import {
  type Choice,
  type Choices,
  describeChangeset,
  disputedField,
  type FieldRow,
  isDate,
  isDeleted,
  kindOf,
  type RegisterRow,
  registerRows,
  resolutionOf,
} from "./conflictModel.ts";
import { conflictName, recordName } from "./recordName.ts";

export interface ConflictEntryProps {
  readonly entry: OpenConflict;
  readonly onResolve: (choice: Resolution) => void;
}

/** One edit of the inbox: what was before, mine, theirs, who and when, and the choices. */
export function ConflictEntry({ entry, onResolve }: ConflictEntryProps): ReactNode {
  const live = useLive();
  const texts = useTexts();
  const [choices, setChoices] = useState<Choices>({});
  const now = Date.now();
  const rows = entry.conflicts.flatMap(registerRows);
  const deleted = entry.conflicts.some(isDeleted);
  const first = entry.conflicts[0];
  const title = first ? conflictName(live, first, kindOf(first)) : "";
  return (
    <article className="lg-conflict" aria-label={title} data-testid="conflict-entry">
      <header>
        <h3>{title || (first ? texts.kinds[first.collection] : "")}</h3>
        <span className="lg-conflict-when">
          {texts.madeAt(formatMoment(texts, entry.madeAt, now))}, {texts.arrivedAt(formatMoment(texts, entry.arrivedAt, now))}
        </span>
      </header>
      {entry.parked > 0 && <p className="lg-conflict-parked">{texts.parked(entry.parked)}</p>}
      {entry.conflicts.map((conflict, index) => (
        <ConflictDetails
          // An entry's conflicts never change: position identifies them.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={index}
          conflict={conflict}
          rows={registerRows(conflict, index)}
          heading={entry.conflicts.length > 1 ? conflictName(live, conflict, kindOf(conflict)) : ""}
          choices={choices}
          now={now}
          onChoose={(key, choice) => setChoices((before) => ({ ...before, [key]: choice }))}
        />
      ))}
      {rows.length === 0 && (
        <ul className="lg-changes">
          {describeChangeset(texts, entry.payload, (kind, id) => recordName(live, kind, id)).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <div className="lg-conflict-actions">
        <button type="button" className="lg-button" onClick={() => onResolve("keep_local")} data-testid="conflict-keep-mine">
          {deleted ? texts.restoreWithMine : texts.keepMine}
        </button>
        <button type="button" className="lg-button" onClick={() => onResolve("accept_server")} data-testid="conflict-take-theirs">
          {deleted ? texts.leaveDeleted : texts.takeTheirs}
        </button>
        {rows.length > 0 && !deleted && (
          <button
            type="button"
            className="lg-button primary"
            disabled={Object.keys(choices).length === 0}
            onClick={() => onResolve(resolutionOf(entry, choices))}
            data-testid="conflict-apply"
          >
            {texts.apply}
          </button>
        )}
      </div>
    </article>
  );
}

interface DetailsProps {
  readonly conflict: Conflict;
  readonly rows: readonly RegisterRow[];
  readonly heading: string;
  readonly choices: Choices;
  readonly now: number;
  readonly onChoose: (key: string, choice: Choice) => void;
}

function ConflictDetails({ conflict, rows, heading, choices, now, onChoose }: DetailsProps): ReactNode {
  const texts = useTexts();
  const who = texts.by(conflict.by?.name ?? texts.somebody);
  return (
    <>
      <p className="lg-conflict-why">
        {heading && <strong>{heading}: </strong>}
        {texts.conflictType[conflict.type] ?? conflict.type}, {who}
        {conflict.at && <span className="lg-conflict-when"> · {texts.changedAt(formatMoment(texts, conflict.at, now))}</span>}
        {conflict.path && conflict.path.length > 0 && <> · {texts.loop(conflict.path.map((step) => step.name).join(" → "))}</>}
      </p>
      {rows.map((row) => (
        <RegisterChoice
          key={row.key}
          row={row}
          theirName={conflict.by?.name ?? texts.somebody}
          choosable={!isDeleted(conflict)}
          choice={choices[row.key]}
          onChoose={(choice) => onChoose(row.key, choice)}
        />
      ))}
    </>
  );
}

interface RegisterChoiceProps {
  readonly row: RegisterRow;
  readonly theirName: string;
  readonly choosable: boolean;
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

function RegisterChoice({ row, theirName, choosable, choice, onChoose }: RegisterChoiceProps): ReactNode {
  const texts = useTexts();
  const name = useId();
  const disputed = disputedField(row);
  if (!disputed) return null;
  const show = (side: "base" | "mine" | "theirs"): string => {
    const set = row.fields.filter((field) => field[side] !== null && field[side] !== undefined && field[side] !== "");
    return set.length === 0 ? texts.empty : set.map((field) => formatValue(texts, field.field, field[side])).join(" ");
  };
  const side = (take: "mine" | "theirs", who: string): ReactNode => {
    const look = take === "mine" ? "local-value" : "server-value";
    const value = (
      <>
        <span className="lg-value-who">{who}</span>
        <span className="lg-value">{show(take)}</span>
      </>
    );
    if (!choosable) return <div className={look}>{value}</div>;
    const id = `${name}-${take}`;
    return (
      <label className={look} htmlFor={id}>
        <input
          id={id}
          type="radio"
          name={name}
          checked={choice?.take === take}
          onChange={() => onChoose({ take })}
          data-testid={`choose-${take}-${disputed.field}`}
        />
        {value}
      </label>
    );
  };
  const otherId = `${name}-other`;
  return (
    <fieldset className="lg-field">
      <legend>
        {row.fields.map((field) => fieldLabel(texts, field.field)).join(", ")}{" "}
        <span className="lg-base-value">
          {texts.before}: {show("base")}
        </span>
      </legend>
      <div className="field-comparison">
        {side("mine", texts.mine)}
        {side("theirs", `${texts.theirs} (${theirName})`)}
        {choosable && (
          <div className="lg-merge">
            <input
              id={otherId}
              type="radio"
              name={name}
              checked={choice?.take === "other"}
              onChange={() => onChoose({ take: "other", text: String(disputed.mine ?? disputed.theirs ?? "") })}
              data-testid={`choose-other-${disputed.field}`}
            />
            <label className="lg-value-who" htmlFor={otherId}>
              {texts.merged}
            </label>
            {choice?.take === "other" && <TypedValue field={disputed} text={choice.text} onType={(text) => onChoose({ take: "other", text })} />}
          </div>
        )}
      </div>
    </fieldset>
  );
}

/** A third value, written by hand: a choice where the field has named values, a date where it holds one, else a text. */
function TypedValue({ field, text, onType }: { readonly field: FieldRow; readonly text: string; readonly onType: (text: string) => void }): ReactNode {
  const texts = useTexts();
  const named = namedValues(texts, field);
  const common = { "aria-label": `${texts.merged}: ${fieldLabel(texts, field.field)}`, value: text, "data-testid": `merge-${field.field}` };
  if (named)
    return (
      <select {...common} onChange={(event) => onType(event.target.value)}>
        {named.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  return <input {...common} type={isDate(text) ? "datetime-local" : "text"} onChange={(event) => onType(event.target.value)} />;
}

function namedValues(texts: PartTexts, field: FieldRow): readonly (readonly [string, string])[] | undefined {
  if (typeof field.mine === "boolean" || typeof field.theirs === "boolean") return [["true", texts.yes] as const, ["false", texts.no] as const];
  const values = texts.values[field.field];
  return values && Object.entries(values);
}
