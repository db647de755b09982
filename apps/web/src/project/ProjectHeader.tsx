import type { LiveProject, PresentUser } from "@livegantt/client";
import { ConnectionStatus, UserAvatars, useConflicts, useProject, useRejections } from "@livegantt/react";
import { ArrowLeft, Ellipsis, History, Inbox, Keyboard, Settings, TriangleAlert, UserRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "../app/Link.tsx";
import { NameDialog, useUserName } from "../app/user.tsx";
import { Menu } from "../ui/Menu.tsx";
import { ThemeButton } from "../ui/ThemeButton.tsx";
import { ProjectName } from "./ProjectName.tsx";
import type { Panel } from "./panel.ts";
import { ShareButton } from "./ShareButton.tsx";

export interface ProjectHeaderProps {
  readonly live: LiveProject;
  readonly panel: Panel;
  readonly onPanel: (panel: Panel) => void;
  readonly onInbox: () => void;
  readonly onShortcuts: () => void;
  readonly onSettings: () => void;
  readonly onFollow: (user: PresentUser) => void;
}

export function ProjectHeader({ live, panel, onPanel, onInbox, onShortcuts, onSettings, onFollow }: ProjectHeaderProps): ReactNode {
  const problems = useProject((plan) => plan.schedule.violations.length, 0);
  const waiting = useConflicts().open.length + useRejections().list.length;
  const [name, setName] = useUserName();
  const [renaming, setRenaming] = useState(false);
  const toggle = (which: Panel): void => onPanel(panel === which ? undefined : which);
  return (
    <header className="project-head">
      <Link href="/" className="icon-button" aria-label="All plans" title="All plans">
        <ArrowLeft size={18} aria-hidden="true" />
      </Link>
      <ProjectName live={live} />
      <ConnectionStatus />
      <span className="spring" />
      {waiting > 0 && (
        <button type="button" className="chip attention" onClick={onInbox} data-testid="inbox-button">
          <Inbox size={15} aria-hidden="true" /> {waiting} to decide
        </button>
      )}
      <button
        type="button"
        className={`chip${problems > 0 ? " warn" : ""}`}
        aria-pressed={panel === "problems"}
        onClick={() => toggle("problems")}
        title="Problems (P)"
        data-testid="problems-button"
      >
        <TriangleAlert size={15} aria-hidden="true" /> {problems}
      </button>
      <button
        type="button"
        className={`icon-button${panel === "history" ? " pressed" : ""}`}
        aria-label="History (H)"
        title="History (H)"
        aria-pressed={panel === "history"}
        onClick={() => toggle("history")}
        data-testid="history-button"
      >
        <History size={18} aria-hidden="true" />
      </button>
      <UserAvatars onSelect={onFollow} />
      <ShareButton live={live} />
      <ThemeButton />
      <Menu
        label="More"
        testId="more-menu"
        button={<Ellipsis size={18} aria-hidden="true" />}
        items={[
          { label: "Plan settings", icon: <Settings size={15} />, onSelect: onSettings, testId: "settings-item" },
          { label: "Keyboard shortcuts", icon: <Keyboard size={15} />, onSelect: onShortcuts, testId: "shortcuts-item" },
          { label: `Your name: ${name}`, icon: <UserRound size={15} />, onSelect: () => setRenaming(true), testId: "name-item" },
        ]}
      />
      {renaming && (
        <NameDialog
          current={name}
          onClose={() => setRenaming(false)}
          onChoose={(next) => {
            setName(next);
            setRenaming(false);
          }}
        />
      )}
    </header>
  );
}
