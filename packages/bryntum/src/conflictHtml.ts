import type { ConflictEntry } from "./conflictEntries.ts";
import { escapeHtml } from "./html.ts";
import { type BryntumTexts, fieldLabel, momentText, valueText } from "./texts.ts";

/** The list of decisions as markup. Buttons carry `data-choice`, radios the field's name; everything that came from a person is escaped. */
export function conflictHtml(entries: readonly ConflictEntry[], texts: BryntumTexts): string {
  const intro = entries.length > 0 ? `<p class="lg-conflict-intro">${escapeHtml(texts.conflictIntro)}</p>` : "";
  return `${intro}${entries.map((entry) => entryHtml(entry, texts)).join("")}`;
}

const gone = (entry: ConflictEntry): boolean => entry.type.endsWith("_not_found");

function entryHtml(entry: ConflictEntry, texts: BryntumTexts): string {
  const who = entry.by ?? texts.somebody;
  const lines = [
    `<p class="lg-conflict-why">${escapeHtml(texts.conflictType[entry.type])}</p>`,
    `<span class="lg-conflict-when">${escapeHtml(texts.by(who, momentText(texts, entry.at)))}</span>`,
    entry.madeAt ? `<span class="lg-conflict-when">${escapeHtml(texts.madeAt(momentText(texts, entry.madeAt)))}</span>` : "",
  ];
  const parked = entry.parked > 0 ? `<p class="lg-conflict-parked">${escapeHtml(texts.parked(entry.parked))}</p>` : "";
  const path = entry.path ? `<p class="lg-conflict-path">${escapeHtml(texts.loop(entry.path))}</p>` : "";
  const id = escapeHtml(entry.id);
  const button = (choice: string, text: string, primary = false): string =>
    `<button type="button" class="lg-button${primary ? " primary" : ""}" data-choice="${choice}" data-conflict="${id}">${escapeHtml(text)}</button>`;
  const actions = [
    button("mine", gone(entry) ? texts.restore : texts.keepMine, true),
    button("theirs", gone(entry) ? texts.leaveDeleted : texts.takeTheirs),
    entry.mergeable ? button("merge", texts.merge) : "",
  ];
  return `<section class="lg-conflict" data-conflict="${id}" aria-label="${escapeHtml(entry.title)}"><header><h3>${escapeHtml(entry.title)}</h3>${lines.join("")}</header>${parked}${path}${entry.fields
    .map((field, i) => fieldHtml(entry, field, i, texts, who))
    .join("")}<div class="lg-conflict-actions">${actions.join("")}</div></section>`;
}

function fieldHtml(entry: ConflictEntry, field: ConflictEntry["fields"][number], index: number, texts: BryntumTexts, who: string): string {
  const group = escapeHtml(`${entry.id || "conflict"}-${index}`);
  const side = (value: "mine" | "theirs", cls: string, name: string, shown: unknown): string => {
    const inner = `<span class="lg-value-who">${escapeHtml(name)}</span><span class="lg-value">${escapeHtml(valueText(texts, shown, field.unit))}</span>`;
    if (!entry.mergeable) return `<div class="${cls}">${inner}</div>`;
    return `<label class="${cls}"><input type="radio" name="${group}" value="${value}" data-field="${escapeHtml(field.name)}"${value === "mine" ? " checked" : ""}>${inner}</label>`;
  };
  const base = "base" in field ? ` <span class="lg-base-value">${escapeHtml(texts.before(valueText(texts, field.base, field.unit)))}</span>` : "";
  return `<fieldset class="lg-field"><legend>${escapeHtml(fieldLabel(texts, field.name))}${base}</legend><div class="field-comparison">${side("mine", "local-value", texts.mine, field.local)}${side("theirs", "server-value", who === texts.somebody ? texts.theirs : who, field.server)}</div></fieldset>`;
}
