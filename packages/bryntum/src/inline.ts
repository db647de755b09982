import type { ProjectState, StoredRecord } from "@livegantt/core";
import { type ApplyContext, applyState } from "./apply.ts";
import { newRecord, projectDifferences } from "./desired.ts";
import type { Ground } from "./ground.ts";
import { type SyncedKind, storeOf, syncedCollections } from "./kinds.ts";
import { baselineFields, baselineModel, elementForChart, elementsOf, intervalFields } from "./lists.ts";
import type { KindMap } from "./registers.ts";
import type { Touched } from "./touched.ts";
import type { ProjectLike } from "./types.ts";

type Row = Record<string, unknown>;
type Maps = Readonly<Record<SyncedKind, KindMap>>;

/** A chart that holds nothing yet can take the whole plan in one go, where one record after the other would cost a computation each. */
export const isEmptyChart = (project: ProjectLike): boolean => syncedCollections.every((kind) => storeOf(project, kind).records.length === 0);

/** The plan in the form of Bryntum's `loadInlineData`. */
export function inlineData(project: ProjectLike, state: ProjectState, maps: Maps, computedStart: string): Row {
  return {
    project: projectDifferences(maps.project, state, () => computedStart, {}),
    calendars: nested([...state.calendars.values()], (calendar) => calendarRow(project, maps.calendars, calendar)),
    resources: [...state.resources.values()].map((record) => newRecord(maps.resources, record)),
    tasks: taskRows(state, maps.tasks, null),
    dependencies: [...state.dependencies.values()].map((record) => newRecord(maps.dependencies, record)),
    assignments: [...state.assignments.values()].map((record) => newRecord(maps.assignments, record)),
  };
}

/** Lets the chart take the whole plan anew, computed from nothing. `touched` and `shown` then name all of it. */
export async function takeAnew(context: ApplyContext, ground: Ground, touched: Touched, shown: Map<string, StoredRecord | undefined>): Promise<void> {
  const { project, state } = context;
  await project.loadInlineData?.(inlineData(project, state, context.maps, context.computedStart() as string));
  for (const kind of syncedCollections) {
    const ids = new Set([...(touched.get(kind) ?? []), ...state.map(kind).keys(), ...ground.shadow.ids(kind)]);
    touched.set(kind, ids);
    for (const id of ids) shown.set(`${kind}/${id}`, ground.stored(kind, id));
  }
  applyState(context, touched);
  await project.commitAsync();
}

const filled = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value != null));

function calendarRow(project: ProjectLike, map: KindMap, calendar: StoredRecord): Row {
  const fields = storeOf(project, "calendars").modelClass.allFields;
  const dates = [
    { name: "startDate", type: "date" },
    { name: "endDate", type: "date" },
    ...fields.filter(({ name }) => name !== "startDate" && name !== "endDate"),
  ];
  return {
    ...newRecord(map, calendar),
    intervals: elementsOf(calendar, "intervals").map(([id, value]) => ({ id, ...filled(elementForChart(dates, intervalFields, value)) })),
  };
}

function taskRows(state: ProjectState, map: KindMap, parent: string | null): Row[] {
  return state.children.of(parent).map((id) => {
    const task = state.tasks.get(id) as StoredRecord;
    const baselines = elementsOf(task, "baselines").map(([, value]) => filled(elementForChart(baselineModel, baselineFields, value)));
    const children = taskRows(state, map, id);
    return { ...newRecord(map, task), ...(baselines.length > 0 ? { baselines } : {}), ...(children.length > 0 ? { children, expanded: true } : {}) };
  });
}

function nested(records: readonly StoredRecord[], row: (record: StoredRecord) => Row): Row[] {
  const rows = new Map(records.map((record) => [record.id, row(record)]));
  const roots: Row[] = [];
  for (const { id, parentId } of records) {
    const at = rows.get(id) as Row;
    const parent = typeof parentId === "string" ? rows.get(parentId) : undefined;
    if (!parent) roots.push(at);
    else if (Array.isArray(parent.children)) parent.children.push(at);
    else Object.assign(parent, { children: [at] });
  }
  return roots;
}
