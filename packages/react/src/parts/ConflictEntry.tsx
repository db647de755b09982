"use client";
import type { OpenConflict, Resolution } from "@livegantt/client";
import type { Conflict } from "@livegantt/core";
import { type ReactNode, useId, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";
import { fieldLabel, formatMoment, formatValue } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";
import { type Choice, type Choices, describeChangeset, isDeleted, kindOf, type RegisterRow, registerRows, resolutionOf } from "./conflictModel.ts";
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
  const first = row.fields[0];
  if (!first) return null;
  const show = (side: "base" | "mine" | "theirs"): string => row.fields.map((field) => formatValue(texts, field.field, field[side])).join(" ");
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
          data-testid={`choose-${take}-${first.field}`}
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
              onChange={() => onChoose({ take: "other", text: String(first.mine ?? "") })}
              data-testid={`choose-other-${first.field}`}
            />
            <label className="lg-value-who" htmlFor={otherId}>
              {texts.merged}
            </label>
            {choice?.take === "other" && (
              <input
                type="text"
                aria-label={`${texts.merged}: ${fieldLabel(texts, first.field)}`}
                value={choice.text}
                onChange={(event) => onChoose({ take: "other", text: event.target.value })}
                data-testid={`merge-${first.field}`}
              />
            )}
          </div>
        )}
      </div>
    </fieldset>
  );
}
