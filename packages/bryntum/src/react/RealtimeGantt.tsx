"use client";
import { BryntumGantt } from "@bryntum/gantt-react";
import type { PresentUser } from "@livegantt/client";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { initials, safeColor, safeImage } from "../html.ts";
import { GanttWebSocketManager } from "../manager.ts";
import type { GanttWebSocketManagerConfig } from "../managerConfig.ts";
import { textsFor } from "../texts.ts";
import type { GanttLike } from "../types.ts";

export interface RealtimeGanttProps {
  readonly projectId: string;
  readonly currentUser: { readonly name: string; readonly avatar?: string };
  /** Where the socket connects. Default: `/gantt-sync` of the page's server. */
  readonly wsUrl?: string;
  /** Where Bryntum loads the plan. Default: `/api/project/<projectId>` of the page's server; `null`: all of it over the socket. */
  readonly loadUrl?: string | null;
  /** Further options of the manager: token, debounce, locale, … */
  readonly manager?: Partial<GanttWebSocketManagerConfig>;
  /** Props of Bryntum's own component: columns, features, height, … `project` holds further options of its ProjectModel. */
  readonly gantt?: Readonly<Record<string, unknown>>;
  /** Handed the manager when it is there, `undefined` when it is gone. */
  readonly onManager?: (manager: GanttWebSocketManager | undefined) => void;
}

/** A live Bryntum Gantt with its connection and the people on it. Closes everything when it unmounts; StrictMode mounts it twice without harm. */
export function RealtimeGantt({ projectId, currentUser, wsUrl = "/gantt-sync", loadUrl, manager: options, gantt, onManager }: RealtimeGanttProps): ReactNode {
  const ganttRef = useRef<{ readonly instance: unknown } | null>(null);
  const [connectionStatus, setConnectionStatus] = useState<"connecting" | "connected" | "disconnected">("connecting");
  const [activeUsers, setActiveUsers] = useState<readonly PresentUser[]>([]);
  const latest = useRef({ options, onManager });
  latest.current = { options, onManager };
  const { name, avatar } = currentUser;

  useEffect(() => {
    const instance = ganttRef.current?.instance as GanttLike | undefined;
    if (!instance) return undefined;
    const { options: managerOptions = {}, onManager: tell } = latest.current;
    const manager = new GanttWebSocketManager({
      project: instance,
      wsUrl,
      projectId,
      userName: name,
      ...(avatar ? { avatar } : {}),
      ...managerOptions,
    });
    manager.on({
      connected: () => setConnectionStatus("connected"),
      disconnected: () => setConnectionStatus("disconnected"),
      presenceUpdate: ({ users }: { readonly users: readonly PresentUser[] }) => setActiveUsers(users),
    });
    tell?.(manager);
    return () => {
      manager.destroy();
      latest.current.onManager?.(undefined);
    };
  }, [projectId, wsUrl, name, avatar]);

  const texts = textsFor(options?.locale, options?.texts);
  const url = loadUrl === undefined ? `/api/project/${encodeURIComponent(projectId)}` : loadUrl;
  // The same element, so that the chart is not touched when the header changes: Bryntum's wrapper makes another project when it renders again.
  const chart = useMemo(() => {
    const { project, ...props } = gantt ?? {};
    const config = { ...(url === null ? {} : { loadUrl: url, autoLoad: false }), ...(project as object | undefined) };
    return <BryntumGantt key={projectId} ref={ganttRef} {...props} project={config} />;
  }, [projectId, url, gantt]);
  return (
    <div className="realtime-gantt">
      <div className="header">
        <div className={`status ${connectionStatus}`} role="status">
          <span className={`status-dot ${connectionStatus === "connecting" ? "waiting" : connectionStatus}`} />
          {connectionStatus === "connected" ? texts.status.live : connectionStatus === "connecting" ? texts.status.connecting : texts.status.offline}
        </div>
        <div className="active-users user-avatars">
          {activeUsers.map((user) => (
            <Face key={user.clientId} user={user} />
          ))}
        </div>
      </div>
      {chart}
    </div>
  );
}

function Face({ user }: { readonly user: PresentUser }): ReactNode {
  const image = safeImage(user.avatar);
  const color = safeColor(user.color);
  return image ? (
    <img className="lg-avatar" src={image} alt={user.name} title={user.name} data-client={user.clientId} style={{ borderColor: color }} />
  ) : (
    <span className="lg-avatar" role="img" aria-label={user.name} title={user.name} data-client={user.clientId} style={{ background: color }}>
      {initials(user.name)}
    </span>
  );
}
