import type { Locator } from "playwright-core";
import type { Person } from "./person.ts";

// What a person does with mouse and keyboard.

export const row = (person: Person, task: string): Locator => person.page.locator(`.b-grid-subgrid-locked .b-grid-row[data-id="${task}"]`);
export const cell = (person: Person, task: string, column: string): Locator =>
  person.page.locator(`.b-grid-row[data-id="${task}"] .b-grid-cell[data-column="${column}"]`);
export const bar = (person: Person, task: string): Locator => person.page.locator(`.b-gantt-task-wrap[data-task-id="${task}"] .b-gantt-task`);

export async function boxOf(what: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await what.boundingBox();
  if (!box) throw new Error(`${what} is not shown`);
  return box;
}

/** Presses at one point, goes to another in steps, and lets go; `midway` happens with the button held. */
export async function pull(
  person: Person,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  midway?: () => Promise<void>,
): Promise<void> {
  const { mouse } = person.page;
  await mouse.move(from.x - 3, from.y);
  await mouse.move(from.x, from.y);
  await mouse.down();
  for (let i = 1; i <= 8; i++) await mouse.move(from.x + ((to.x - from.x) * i) / 8, from.y + ((to.y - from.y) * i) / 8);
  await mouse.move(to.x, to.y);
  await midway?.();
  await mouse.up();
}

export async function drag(person: Person, task: string, from: "middle" | "end", by: number, midway?: () => Promise<void>): Promise<void> {
  const box = await boxOf(bar(person, task));
  const x = from === "middle" ? box.x + box.width / 2 : box.x + box.width - 2;
  const y = box.y + box.height / 2;
  await pull(person, { x, y }, { x: x + by, y: y + 1 }, midway);
}

/** Opens a cell's editor and types over what stands there; the edit is still open. */
export async function typeInto(person: Person, task: string, column: string, text: string): Promise<void> {
  await cell(person, task, column).dblclick();
  await person.page.locator(".b-editor input:focus").waitFor();
  await person.page.keyboard.press("Control+A");
  await person.page.keyboard.type(text);
}

export async function edit(person: Person, task: string, column: string, text: string): Promise<void> {
  await typeInto(person, task, column, text);
  await person.page.keyboard.press("Enter");
}

export async function selectRow(person: Person, task: string): Promise<void> {
  await cell(person, task, "name").click();
}

/** Selects a row and presses a key. */
export async function press(person: Person, task: string, key: string): Promise<void> {
  await selectRow(person, task);
  await person.page.keyboard.press(key);
}

export const indent = (person: Person, task: string): Promise<void> => press(person, task, "Alt+Shift+ArrowRight");
export const outdent = (person: Person, task: string): Promise<void> => press(person, task, "Alt+Shift+ArrowLeft");

/** Through the row's context menu: `"add", "addTaskBelow"`. */
export async function menu(person: Person, task: string, ...items: string[]): Promise<void> {
  await cell(person, task, "name").click({ button: "right" });
  for (const [i, ref] of items.entries()) {
    const item = person.page.locator(`.b-menu-item[data-ref="${ref}"]:visible`);
    if (i < items.length - 1) await item.hover();
    else await item.click();
  }
}

export const remove = (person: Person, task: string): Promise<void> => menu(person, task, "deleteTask");

/** Pulls a row to the upper edge of another, or into it: there it waits until the other shows that it takes it. */
export async function moveRow(person: Person, task: string, target: string, where: "before" | "into"): Promise<void> {
  const from = await boxOf(cell(person, task, "name"));
  const to = await boxOf(cell(person, target, "name"));
  const y = where === "before" ? to.y + 3 : to.y + to.height / 2;
  const taken = async (): Promise<void> => {
    if (where === "into") await person.sees(`gantt.features.rowReorder.dragHelper.context?.parent?.id === "${target}"`);
  };
  await pull(person, { x: from.x + 60, y: from.y + from.height / 2 }, { x: to.x + 60, y }, taken);
}

/** Pulls a link from the end of one bar to the start of another. */
export async function link(person: Person, from: string, to: string): Promise<void> {
  await bar(person, from).hover();
  const start = await boxOf(bar(person, from).locator(".b-sch-terminal-end"));
  const end = await boxOf(bar(person, to));
  await pull(person, { x: start.x + start.width / 2, y: start.y + start.height / 2 }, { x: end.x + 4, y: end.y + end.height / 2 });
}

/** Through the assignments' picker of a row: ticks a resource and saves. */
export async function assign(person: Person, task: string, resource: string): Promise<void> {
  await cell(person, task, "assignments").dblclick();
  await person.page.locator(".b-editor input:focus").waitFor();
  await person.page.keyboard.press("ArrowDown");
  const picker = person.page.locator(".b-assignment-picker:visible");
  await picker.locator(".b-grid-row", { hasText: resource }).locator(".b-checkbox").click();
  await picker.locator("button", { hasText: "Save" }).click();
  await person.page.keyboard.press("Enter");
}

/** Chooses in the list of a cell's editor. */
export async function choose(person: Person, task: string, column: string, text: string): Promise<void> {
  await cell(person, task, column).dblclick();
  await person.page.locator(".b-editor input:focus").waitFor();
  await person.page.keyboard.press("ArrowDown");
  await person.page.locator(".b-list-item:visible", { hasText: text }).click();
  await person.page.keyboard.press("Enter");
}

export const undo = (person: Person): Promise<void> => person.page.locator("[data-ref=undoBtn]").click();
export const redo = (person: Person): Promise<void> => person.page.locator("[data-ref=redoBtn]").click();
