import { useDialogFocus } from "@livegantt/react";
import { X } from "lucide-react";
import { type ReactNode, useCallback, useId, useRef } from "react";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly narrow?: boolean;
  readonly testId?: string;
}

export function Dialog({ title, onClose, children, footer, narrow, testId }: DialogProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const titleId = useId();
  useDialogFocus(
    ref,
    true,
    useCallback(() => close.current(), []),
  );
  return (
    <div className="lg-dialog-backdrop">
      <button type="button" className="lg-dialog-scrim" tabIndex={-1} aria-label="Close" onClick={onClose} />
      <div
        ref={ref}
        className={`lg-dialog${narrow ? " narrow" : ""}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        tabIndex={-1}
        data-testid={testId}
      >
        <header>
          <div>
            <h2 id={titleId}>{title}</h2>
          </div>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <X size={18} aria-hidden="true" />
          </button>
        </header>
        <div className="lg-dialog-body">{children}</div>
        {footer && <footer>{footer}</footer>}
      </div>
    </div>
  );
}
