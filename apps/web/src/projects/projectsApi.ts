import { request, upload } from "../app/http.ts";

/** A project as the list shows it. Times in milliseconds since the epoch. */
export interface ProjectItem {
  readonly id: string;
  readonly name: string;
  readonly tasks: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const timeOf = (value: unknown): number => (typeof value === "number" ? value : Date.parse(String(value)) || 0);

/** Newest first; rows of an unknown shape are left out. */
export function parseProjects(answer: unknown): readonly ProjectItem[] {
  const rows = Array.isArray(answer) ? answer : isObject(answer) && Array.isArray(answer.projects) ? answer.projects : [];
  const items: ProjectItem[] = [];
  for (const row of rows as unknown[]) {
    if (!isObject(row) || typeof row.id !== "string") continue;
    items.push({
      id: row.id,
      name: typeof row.name === "string" && row.name !== "" ? row.name : "Untitled plan",
      tasks: typeof row.tasks === "number" ? row.tasks : 0,
      updatedAt: timeOf(row.updatedAt),
      archived: row.archived === true,
    });
  }
  return items.sort((a, b) => b.updatedAt - a.updatedAt);
}

export async function listProjects(): Promise<readonly ProjectItem[]> {
  const [open, archived] = await Promise.all([request<unknown>("GET", "/api/projects"), request<unknown>("GET", "/api/projects?archived=true")]);
  return [...parseProjects(open), ...parseProjects(archived)];
}

const path = (id: string): string => `/api/projects/${encodeURIComponent(id)}`;

export interface Created {
  readonly id: string;
}

export const createProject = (name: string, plan: unknown): Promise<Created> => request("POST", "/api/projects", { name, plan });
export const duplicateProject = (id: string): Promise<Created> => request("POST", `${path(id)}/duplicate`);
export const archiveProject = (id: string): Promise<unknown> => request("DELETE", path(id));
export const unarchiveProject = (id: string): Promise<unknown> => request("POST", `${path(id)}/unarchive`);
export const eraseProject = (id: string): Promise<unknown> => request("DELETE", `${path(id)}?purge=true`);

export interface ReportItem {
  readonly kind: "adjusted" | "omitted";
  readonly what: string;
  readonly where: string;
  readonly why: string;
}

export interface ImportReport {
  readonly counts: Readonly<Record<string, { readonly inFile: number; readonly imported: number; readonly omitted: number }>>;
  readonly items: readonly ReportItem[];
}

export interface Imported extends Created {
  readonly report?: ImportReport;
}

export const importMspdi = (file: File, onProgress: (part: number) => void): Promise<Imported> =>
  upload(`/api/projects?format=mspdi&name=${encodeURIComponent(file.name.replace(/\.xml$/i, ""))}`, file, "application/xml", onProgress);
