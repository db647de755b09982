"use client";
import { type ReactNode, useCallback, useId, useRef } from "react";
import { useConflicts, useRejections } from "../hooks/session.ts";
import { useTexts } from "../texts/TextProvider.tsx";
import { ConflictEntry } from "./ConflictEntry.tsx";
import { RejectedEntry } from "./RejectedEntry.tsx";
import { useDialogFocus } from "./useDialogFocus.ts";

export interface ConflictDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The conflict inbox: every edit that waits for its author's choice, with all values, and every edit that was refused. */
export function ConflictDialog({ open, onClose }: ConflictDialogProps): ReactNode {
  const dialog = useRef<HTMLDivElement>(null);
  const titleId = useId();
  const close = useRef(onClose);
  close.current = onClose;
  useDialogFocus(
    dialog,
    open,
    useCallback(() => close.current(), []),
  );
  const conflicts = useConflicts();
  const rejections = useRejections();
  const texts = useTexts();
  if (!open) return null;
  return (
    <div className="lg-dialog-backdrop">
      <button type="button" className="lg-dialog-scrim" tabIndex={-1} aria-label={texts.close} onClick={onClose} />
      <div
        ref={dialog}
        className="lg-dialog conflict-dialog"
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        tabIndex={-1}
        data-testid="conflict-dialog"
      >
        <header>
          <div>
            <h2 id={titleId}>{texts.conflictTitle(conflicts.open.length)}</h2>
            {conflicts.open.length > 0 && <p>{texts.conflictIntro}</p>}
          </div>
          <button type="button" className="lg-button quiet" onClick={onClose} data-testid="conflict-close">
            {texts.close}
          </button>
        </header>
        <div className="lg-dialog-body">
          {conflicts.open.length === 0 && rejections.list.length === 0 && <p className="lg-conflict-empty">{texts.noConflicts}</p>}
          {conflicts.open.map((entry) => (
            <ConflictEntry key={entry.id} entry={entry} onResolve={(choice) => conflicts.resolve(entry.id, choice)} />
          ))}
          {rejections.list.length > 0 && <h3>{texts.rejectedTitle}</h3>}
          {rejections.list.map((edit) => (
            <RejectedEntry key={edit.id} edit={edit} onDismiss={() => rejections.dismiss(edit.id)} />
          ))}
        </div>
        {conflicts.open.length > 0 && (
          <footer>
            <button type="button" className="lg-button" onClick={() => conflicts.resolveAll("accept_server")} data-testid="conflict-all-theirs">
              {texts.allOfTheirs}
            </button>
            <button type="button" className="lg-button" onClick={() => conflicts.resolveAll("keep_local")} data-testid="conflict-all-mine">
              {texts.allOfMine}
            </button>
          </footer>
        )}
      </div>
    </div>
  );
}
