"use client";
import type { LiveProject } from "@livegantt/client";
import { type ComponentType, type ReactNode, useState } from "react";
import { useConflicts, useRejections } from "../hooks/session.ts";
import { ProjectProvider, useLive } from "../ProjectProvider.tsx";
import { useTexts } from "../texts/TextProvider.tsx";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { ConnectionStatus } from "./ConnectionStatus.tsx";
import { UserAvatars } from "./UserAvatars.tsx";

export interface RealtimeGanttProps {
  readonly projectId: string;
  readonly currentUser: { readonly name: string; readonly avatar?: string };
  /** Address of the server; by default the page's own. */
  readonly url?: string;
  readonly token?: string;
  /** Token of a share link, in place of an access token. */
  readonly link?: string;
  /** Draws the plan and binds it, e.g. a component that calls `bindSvar` in an effect. */
  readonly chart: ComponentType<{ readonly live: LiveProject }>;
}

/** A live Gantt around any chart: status, faces and conflict inbox above, the chart below. Closes the project when it unmounts. */
export function RealtimeGantt({ projectId, currentUser, url, token, link, chart }: RealtimeGanttProps): ReactNode {
  const address = url ?? (typeof location === "undefined" ? "" : location.origin);
  return (
    <ProjectProvider url={address} project={projectId} user={currentUser} {...(token ? { token } : {})} {...(link ? { link } : {})}>
      <RealtimeFrame chart={chart} />
    </ProjectProvider>
  );
}

function RealtimeFrame({ chart: Chart }: Pick<RealtimeGanttProps, "chart">): ReactNode {
  const live = useLive();
  const texts = useTexts();
  const { open } = useConflicts();
  const rejections = useRejections();
  const [inbox, setInbox] = useState(false);
  const waiting = open.length + rejections.list.length;
  return (
    <div className="realtime-gantt">
      <div className="header">
        <ConnectionStatus />
        {waiting > 0 && (
          <button type="button" className="lg-button small" onClick={() => setInbox(true)}>
            {texts.conflictTitle(waiting)}
          </button>
        )}
        <UserAvatars />
      </div>
      {live && <Chart live={live} />}
      <ConflictDialog open={inbox} onClose={() => setInbox(false)} />
    </div>
  );
}
