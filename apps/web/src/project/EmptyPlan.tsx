import { useProject } from "@livegantt/react";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";

export function EmptyPlan({ editable, onAdd }: { readonly editable: boolean; readonly onAdd: () => void }): ReactNode {
  const empty = useProject((live) => live.state.tasks.size === 0, false);
  if (!empty) return null;
  return (
    <div className="empty over">
      <h2>An empty plan</h2>
      <p className="muted">{editable ? "Add the first task, then link what depends on what." : "Nobody has added a task yet."}</p>
      {editable && (
        <button type="button" className="lg-button primary" onClick={onAdd}>
          <Plus size={16} aria-hidden="true" /> First task
        </button>
      )}
    </div>
  );
}
