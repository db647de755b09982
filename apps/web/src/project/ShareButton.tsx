import type { LiveProject } from "@livegantt/client";
import { ShareDialog } from "@livegantt/react";
import { Eye, MessageSquare, UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";

/** For admins the way to share links; for others what they may do here, where that is not everything. */
export function ShareButton({ live }: { readonly live: LiveProject }): ReactNode {
  const [open, setOpen] = useState(false);
  if (!live.roleKnown) return null;
  if (live.role === "viewer")
    return (
      <span className="chip still" title="You may look at this plan, not change it" data-testid="role-chip">
        <Eye size={15} aria-hidden="true" /> View only
      </span>
    );
  if (live.role === "commenter")
    return (
      <span className="chip still" title="You may comment on this plan, not change it" data-testid="role-chip">
        <MessageSquare size={15} aria-hidden="true" /> Comments only
      </span>
    );
  if (live.role !== "admin") return null;
  return (
    <>
      <button type="button" className="lg-button share-button" onClick={() => setOpen(true)} data-testid="share-button">
        <UserPlus size={16} aria-hidden="true" /> Share
      </button>
      <ShareDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
