import { X } from "lucide-react";
import type { ReactNode } from "react";

export interface SidePanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly testId?: string;
}

export function SidePanel({ title, onClose, children, actions, testId }: SidePanelProps): ReactNode {
  return (
    <aside className="side-panel" aria-label={title} data-testid={testId}>
      <header>
        <h2>{title}</h2>
        {actions}
        <button type="button" className="icon-button" aria-label="Close the panel" title="Close (Esc)" onClick={onClose} data-testid="panel-close">
          <X size={17} aria-hidden="true" />
        </button>
      </header>
      <div className="side-body">{children}</div>
    </aside>
  );
}
