import type { Changeset, Snapshot } from "@livegantt/core";

export interface ComputedDates {
  readonly startDate: string;
  readonly endDate: string;
}

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${init?.method ?? "GET"} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Creates a project through the public interface and returns its id. */
export async function createProject(serverUrl: string, name: string, plan: Record<string, unknown>): Promise<string> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name, plan }) };
  return (await json<{ id: string }>(`${serverUrl}/api/projects`, init)).id;
}

export const snapshotOf = (serverUrl: string, id: string): Promise<Snapshot> => json(`${serverUrl}/api/projects/${id}`);

/** Dates as the server computes them, by task. */
export async function datesOf(serverUrl: string, id: string): Promise<Record<string, ComputedDates>> {
  return (await json<{ tasks: Record<string, ComputedDates> }>(`${serverUrl}/api/projects/${id}/schedule`)).tasks;
}

/** A small house: two phases with three tasks each, linked, with work on weekdays from 8 to 16. */
export const house = {
  project: { startDate: "2026-03-02T08:00:00" },
  tasks: [
    { id: "ground", name: "Groundwork", parentId: null },
    { id: "survey", name: "Survey the site", parentId: "ground", duration: 2, durationUnit: "day" },
    { id: "dig", name: "Dig the trenches", parentId: "ground", duration: 3, durationUnit: "day" },
    { id: "pour", name: "Pour the footings", parentId: "ground", duration: 2, durationUnit: "day" },
    { id: "shell", name: "Shell", parentId: null },
    { id: "walls", name: "Raise the walls", parentId: "shell", duration: 5, durationUnit: "day" },
    { id: "roof", name: "Close the roof", parentId: "shell", duration: 4, durationUnit: "day" },
    { id: "windows", name: "Set the windows", parentId: "shell", duration: 2, durationUnit: "day" },
  ],
  dependencies: [
    { id: "d1", fromTask: "survey", toTask: "dig", type: 2 },
    { id: "d2", fromTask: "dig", toTask: "pour", type: 2 },
    { id: "d3", fromTask: "pour", toTask: "walls", type: 2 },
    { id: "d4", fromTask: "walls", toTask: "roof", type: 2 },
  ],
};

const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "2-digit", month: "short", year: "2-digit" });

/** A wall-clock date as the grid shows it. */
export const shownDay = (wall: string | undefined): string => (wall === undefined ? "" : day.format(Date.parse(`${wall.slice(0, 10)}T00:00:00Z`)));

/** A change of somebody who has no page open. */
export async function changePlan(serverUrl: string, id: string, clientId: string, payload: Changeset): Promise<void> {
  const { revision } = await snapshotOf(serverUrl, id);
  const body = JSON.stringify({ clientId, revision: 1, baseRevision: revision, payload });
  await json(`${serverUrl}/api/projects/${id}/changes`, { method: "POST", headers: { "content-type": "application/json" }, body });
}
