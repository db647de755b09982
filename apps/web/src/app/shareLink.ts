import { useEffect, useState } from "react";
import { takeFragment } from "./fragment.ts";

const keyOf = (project: string): string => `livegantt.link.${project}`;
/** Where storage is forbidden, a link lasts as long as the page. */
const taken = new Map<string, string>();

/** The share link by which this tab opened a project: it stays with the tab through reloads. Elsewhere in this browser the session cookie that it gave lets one in. */
function linkOf(project: string): string | undefined {
  const given = takeFragment("link");
  try {
    if (given !== undefined) sessionStorage.setItem(keyOf(project), given);
    return given ?? sessionStorage.getItem(keyOf(project)) ?? undefined;
  } catch {
    if (given !== undefined) taken.set(project, given);
    return taken.get(project);
  }
}

/** Follows a link that is pasted into the open page, too. */
export function useShareLink(project: string): string | undefined {
  const [link, setLink] = useState(() => linkOf(project));
  useEffect(() => {
    const follow = (): void => setLink(linkOf(project));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [project]);
  return link;
}
