import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface ToolProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  /** For a tool that is on or off. */
  readonly pressed?: boolean;
  readonly testId?: string;
}

export function Tool({ label, icon: Icon, onClick, disabled, pressed, testId }: ToolProps): ReactNode {
  return (
    <button
      type="button"
      className={`icon-button${pressed ? " pressed" : ""}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      data-testid={testId}
    >
      <Icon size={17} aria-hidden="true" />
    </button>
  );
}
