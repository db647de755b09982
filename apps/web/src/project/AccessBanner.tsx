import type { LiveProject } from "@livegantt/client";
import { Lock } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

/** Says why the plan is closed to this person from now on: the link was revoked or has expired, the session has ended. What is on screen stays readable. */
export function AccessBanner({ live }: { readonly live: LiveProject }): ReactNode {
  const [reason, setReason] = useState<string>();
  useEffect(
    () => live.on("status", ({ status, error }) => setReason(status === "denied" ? (error?.message ?? "You have no access any more.") : undefined)),
    [live],
  );
  if (reason === undefined) return null;
  return (
    <div className="access-banner" role="alert" data-testid="access-banner">
      <Lock size={16} aria-hidden="true" />
      <span>
        {reason} {live.pendingCount > 0 && "What you have not saved yet stays on this device."}
      </span>
      <button type="button" className="lg-button small" onClick={() => live.connect()}>
        Try again
      </button>
    </div>
  );
}
