import type { ReportItem } from "./projectsApi.ts";

/** Things that went the same way for the same reason, told once. */
export interface ReportGroup {
  readonly what: string;
  readonly why: string;
  readonly where: readonly string[];
}

/** In the order of first appearance. */
export function groupReport(items: readonly ReportItem[]): readonly ReportGroup[] {
  const groups = new Map<string, { what: string; why: string; where: string[] }>();
  for (const { what, why, where } of items) {
    const key = JSON.stringify([what, why]);
    const group = groups.get(key) ?? { what, why, where: [] };
    groups.set(key, group);
    if (where !== "") group.where.push(where);
  }
  return [...groups.values()];
}
