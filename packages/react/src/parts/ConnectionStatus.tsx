"use client";
import type { ReactNode } from "react";
import { useConnectionStatus } from "../hooks/session.ts";
import { useTexts } from "../texts/TextProvider.tsx";

/** Dot, state, countdown to the next attempt, and whether everything is saved. Read out politely when it changes. */
export function ConnectionStatus(): ReactNode {
  const { status, retryIn, saved, pending, kept, reconnectNow } = useConnectionStatus();
  const texts = useTexts();
  const connected = status === "live";
  const waiting = status === "connecting" || status === "syncing" || status === "reconnecting";
  return (
    <span className="lg-status" data-testid="connection-status" data-status={status}>
      <span className="lg-status-line" role="status">
        <span className={`status-dot ${connected ? "connected" : waiting ? "waiting" : "disconnected"}`} />
        {texts.status[status]}
      </span>
      {status === "reconnecting" && retryIn !== undefined && <span aria-hidden="true">{texts.retryIn(retryIn)}</span>}
      {(status === "reconnecting" || status === "offline") && (
        <button type="button" className="lg-button small quiet" onClick={reconnectNow}>
          {texts.reconnectNow}
        </button>
      )}
      <span className={`lg-status-saved${saved ? "" : " pending"}`} role="status" data-testid="save-status" data-saved={saved} data-kept={kept}>
        {saved ? texts.allSaved : connected ? texts.saving(pending) : kept ? texts.keptHere(pending) : texts.notKept(pending)}
      </span>
    </span>
  );
}
