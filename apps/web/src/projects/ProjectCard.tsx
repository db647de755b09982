import { Archive, ArchiveRestore, Copy, Ellipsis, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "../app/Link.tsx";
import { projectPath } from "../app/router.ts";
import { Menu, type MenuItem } from "../ui/Menu.tsx";
import type { ProjectItem } from "./projectsApi.ts";
import { ago } from "./when.ts";

export interface ProjectCardProps {
  readonly item: ProjectItem;
  readonly onDuplicate?: () => void;
  readonly onArchive?: () => void;
  readonly onUnarchive?: () => void;
  readonly onErase?: () => void;
}

export function ProjectCard({ item, onDuplicate, onArchive, onUnarchive, onErase }: ProjectCardProps): ReactNode {
  const items: MenuItem[] = [];
  if (onDuplicate) items.push({ label: "Duplicate", icon: <Copy size={15} />, onSelect: onDuplicate, testId: "card-duplicate" });
  if (onArchive) items.push({ label: "Archive", icon: <Archive size={15} />, onSelect: onArchive, testId: "card-archive" });
  if (onUnarchive) items.push({ label: "Bring back", icon: <ArchiveRestore size={15} />, onSelect: onUnarchive, testId: "card-unarchive" });
  if (onErase)
    items.push({
      label: "Erase for good",
      icon: <Trash2 size={15} />,
      danger: true,
      onSelect: () => confirmErase(item.name) && onErase(),
      testId: "card-erase",
    });
  const facts = `${item.tasks} ${item.tasks === 1 ? "task" : "tasks"}${item.updatedAt ? ` · changed ${ago(item.updatedAt, Date.now())}` : ""}`;
  return (
    <li className="card" data-testid="project-card" data-id={item.id}>
      {item.archived ? (
        <div className="card-body">
          <h2>{item.name}</h2>
          <p className="muted">{facts}</p>
        </div>
      ) : (
        <Link href={projectPath(item.id)} className="card-body">
          <CardPicture seed={item.id} />
          <h2>{item.name}</h2>
          <p className="muted">{facts}</p>
        </Link>
      )}
      <Menu label={`Actions for ${item.name}`} button={<Ellipsis size={18} aria-hidden="true" />} items={items} />
    </li>
  );
}

const confirmErase = (name: string): boolean => window.confirm(`Erase "${name}" with its whole history? Nobody can bring it back.`);

/** A few bars whose places follow from the id: cards are told apart at a glance. */
function CardPicture({ seed }: { readonly seed: string }): ReactNode {
  let hash = 7;
  for (const letter of seed) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const bars = [0, 1, 2, 3].map((i) => {
    const bits = (hash >>> (i * 7)) & 127;
    return { x: 6 + i * 26 + (bits % 17), width: 34 + (bits % 41) };
  });
  return (
    <svg viewBox="0 0 200 64" className="card-picture" aria-hidden="true" preserveAspectRatio="none">
      {bars.map((bar, i) => (
        <rect key={bar.x} x={bar.x} y={9 + i * 13} width={bar.width} height={7} rx={3.5} className={i % 2 ? "b" : "a"} />
      ))}
    </svg>
  );
}
