import { ProjectProvider, useLive, useProject } from "@livegantt/react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useShareLink } from "../app/shareLink.ts";
import { useUserName } from "../app/user.tsx";
import { ProjectSkeleton } from "./ProjectSkeleton.tsx";
import { ProjectView } from "./ProjectView.tsx";

export function ProjectPage({ projectId }: { readonly projectId: string }): ReactNode {
  const [name] = useUserName();
  const link = useShareLink(projectId);
  const user = useMemo(() => ({ name }), [name]);
  return (
    <ProjectProvider url={location.origin} project={projectId} user={user} {...(link === undefined ? {} : { link })}>
      <ReadyProject />
    </ProjectProvider>
  );
}

/** The plan once it is there, from the server or from this device. */
function ReadyProject(): ReactNode {
  const live = useLive();
  const [ready, setReady] = useState<typeof live>(null);
  const [failure, setFailure] = useState<string>();
  const status = useLiveStatus();
  useEffect(() => {
    if (!live) return;
    let current = true;
    live
      .ready()
      .then(() => current && setReady(live))
      .catch((error: unknown) => current && setFailure(error instanceof Error ? error.message : String(error)));
    return () => {
      current = false;
    };
  }, [live]);
  const title = useProject((plan) => plan.state.project.name || "Untitled plan", "");
  useEffect(() => {
    if (title) document.title = `${title} · livegantt`;
  }, [title]);
  if (live && ready === live) return <ProjectView live={live} />;
  return <ProjectSkeleton status={status} failure={failure} />;
}

function useLiveStatus(): string {
  const live = useLive();
  const [status, setStatus] = useState("connecting");
  useEffect(() => live?.on("status", (event) => setStatus(event.status)), [live]);
  return status;
}
