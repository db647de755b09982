import type { IApi } from "@svar-ui/react-gantt";
import { store, storedValue } from "../app/stored.ts";

const keyOf = (project: string): string => `livegantt.collapsed.${project}`;

function read(project: string): Set<string> {
  try {
    const ids: unknown = JSON.parse(storedValue(keyOf(project)) ?? "[]");
    return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

/** M8: which summaries are closed is a matter of this person on this device. */
export function collapsedIn(project: string): (id: string) => boolean {
  const closed = read(project);
  return (id) => closed.has(id);
}

/** Remembers what is opened and closed. Returns the function that stops. */
export function keepCollapsed(project: string, api: IApi): () => void {
  const tag = Symbol("collapsed");
  api.on(
    "open-task",
    ({ id, mode }: { id: string | number; mode: boolean }) => {
      const closed = read(project);
      if (mode) closed.delete(String(id));
      else closed.add(String(id));
      store(keyOf(project), JSON.stringify([...closed]));
    },
    { tag },
  );
  return () => api.detach(tag);
}
