"use client";
import type { PresentUser } from "@livegantt/client";
import type { ReactNode } from "react";
import { usePresence, useSelections } from "../hooks/session.ts";
import { useLive } from "../ProjectProvider.tsx";
import { useTexts } from "../texts/TextProvider.tsx";
import { Avatar } from "./Avatar.tsx";

export interface UserAvatarsProps {
  /** Faces shown before "+n". */
  readonly max?: number;
  /** Called with the person whose face was clicked, e.g. to follow. */
  readonly onSelect?: (user: PresentUser) => void;
}

/** Who is here, oneself first; what each person works on stands in the title and in a roster that is read out. */
export function UserAvatars({ max = 5, onSelect }: UserAvatarsProps): ReactNode {
  const live = useLive();
  const users = usePresence();
  const selections = useSelections();
  const texts = useTexts();
  const mine = live?.clientId;
  const ordered = [...users].sort((a, b) => Number(b.clientId === mine) - Number(a.clientId === mine) || (a.joinedAt < b.joinedAt ? -1 : 1));
  const titleOf = (user: PresentUser): string => {
    if (user.clientId === mine) return `${user.name} (${texts.you})`;
    const taskId = selections.find((selection) => selection.clientId === user.clientId)?.taskId ?? user.activeTask;
    const task = taskId ? live?.state.tasks.get(taskId)?.name : undefined;
    return task ? `${user.name}: ${task}` : user.name;
  };
  const shown = ordered.slice(0, max);
  const rest = ordered.slice(max);
  return (
    <>
      <ul className="user-avatars" aria-label={texts.people(users.length)} data-testid="user-avatars">
        {shown.map((user) => (
          <li key={user.clientId}>
            <Avatar
              name={user.name}
              color={user.color}
              image={user.avatar}
              title={titleOf(user)}
              onClick={onSelect && user.clientId !== mine ? () => onSelect(user) : undefined}
            />
          </li>
        ))}
        {rest.length > 0 && (
          <li>
            <span className="lg-avatar lg-avatar-more" title={rest.map((user) => user.name).join(", ")}>
              +{rest.length}
            </span>
          </li>
        )}
      </ul>
      <span className="lg-roster" role="status">
        {texts.people(users.length)}: {ordered.map(titleOf).join(", ")}
      </span>
    </>
  );
}
