import { useSyncExternalStore } from "react";

export type Route = { readonly page: "projects" } | { readonly page: "project"; readonly id: string } | { readonly page: "unknown" };

export function routeOf(path: string): Route {
  if (path === "/" || path === "") return { page: "projects" };
  const id = /^\/p\/([^/]+)\/?$/.exec(path)?.[1];
  if (!id) return { page: "unknown" };
  try {
    return { page: "project", id: decodeURIComponent(id) };
  } catch {
    return { page: "unknown" };
  }
}

export const projectPath = (id: string): string => `/p/${encodeURIComponent(id)}`;

const listeners = new Set<() => void>();

export function navigate(path: string): void {
  history.pushState(null, "", path);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
};

export const useRoute = (): Route => routeOf(useSyncExternalStore(subscribe, () => location.pathname));
