import type { LiveProject } from "@livegantt/client";
import { useProject } from "@livegantt/react";
import { type ReactNode, useRef, useState } from "react";
import { useToast } from "../ui/Toasts.tsx";
import { messageOf } from "./useEdits.ts";

/** The plan's name, written where it stands. */
export function ProjectName({ live }: { readonly live: LiveProject }): ReactNode {
  const name = useProject((plan) => plan.state.project.name ?? "", "");
  const [draft, setDraft] = useState<string>();
  const toast = useToast();
  const cancelled = useRef(false);
  const commit = (): void => {
    const next = draft?.trim();
    setDraft(undefined);
    if (cancelled.current || !next || next === name) return;
    try {
      live.update("project", live.state.project.id, { name: next }, "project.rename");
    } catch (error) {
      toast({ text: messageOf(error), tone: "error" });
    }
  };
  return (
    <h1 className="project-name">
      <input
        aria-label="Name of the plan"
        value={draft ?? name}
        placeholder="Untitled plan"
        readOnly={live.role === "viewer" || live.role === "commenter"}
        size={Math.max(8, (draft ?? name).length)}
        maxLength={255}
        onFocus={() => {
          cancelled.current = false;
          setDraft(name);
        }}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") {
            cancelled.current = true;
            event.currentTarget.blur();
          }
        }}
        data-testid="project-name"
      />
    </h1>
  );
}
