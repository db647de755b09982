import { FileUp, Plus, RefreshCw } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { navigate, projectPath } from "../app/router.ts";
import { ThemeButton } from "../ui/ThemeButton.tsx";
import { useToast } from "../ui/Toasts.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { NewPlanDialog } from "./NewPlanDialog.tsx";
import { emptyPlan } from "./newPlan.ts";
import { ProjectCard } from "./ProjectCard.tsx";
import { archiveProject, createProject, duplicateProject, eraseProject, unarchiveProject } from "./projectsApi.ts";
import { useFileDrop } from "./useFileDrop.ts";
import { useProjects } from "./useProjects.ts";

/** All plans: open, create, import by button or by dropping a file anywhere, duplicate, archive. */
export function ProjectsPage(): ReactNode {
  const { items, error, reload } = useProjects();
  const toast = useToast();
  const [creating, setCreating] = useState(false);
  const [file, setFile] = useState<File>();
  const over = useFileDrop(setFile);
  const [archiveShown, setArchiveShown] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const run = async (action: () => Promise<unknown>, done?: string): Promise<void> => {
    try {
      await action();
      if (done) toast({ text: done, tone: "success" });
    } catch (failure) {
      toast({ text: failure instanceof Error ? failure.message : String(failure), tone: "error" });
    }
    await reload();
  };
  const open = items?.filter((item) => !item.archived);
  const archived = items?.filter((item) => item.archived) ?? [];
  const pick = (): void => picker.current?.click();

  return (
    <div className="projects">
      <header className="projects-head">
        <div className="brand">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <span>livegantt</span>
        </div>
        <ThemeButton />
      </header>
      <main className="projects-main">
        <div className="projects-title">
          <div>
            <h1>Plans</h1>
            <p className="muted">Everyone with the link edits the same plan, live.</p>
          </div>
          <div className="row">
            <button type="button" className="lg-button" onClick={pick} data-testid="import-button">
              <FileUp size={16} aria-hidden="true" /> Import MS Project XML
            </button>
            <button type="button" className="lg-button primary" onClick={() => setCreating(true)} data-testid="new-plan-button">
              <Plus size={16} aria-hidden="true" /> New plan
            </button>
          </div>
        </div>
        {error && (
          <div className="banner error" role="alert">
            <span>{error}</span>
            <button type="button" className="lg-button small" onClick={() => void reload()}>
              <RefreshCw size={14} aria-hidden="true" /> Try again
            </button>
          </div>
        )}
        {open === undefined && !error && (
          <div className="cards" role="status" aria-label="Loading plans">
            {[1, 2, 3].map((n) => (
              <div key={n} className="card skeleton" />
            ))}
          </div>
        )}
        {open?.length === 0 && (
          <div className="empty">
            <EmptyPicture />
            <h2>No plans yet</h2>
            <p className="muted">Start an empty one, or drop an MS Project XML file anywhere on this page.</p>
            <div className="row">
              <button type="button" className="lg-button primary" onClick={() => setCreating(true)}>
                <Plus size={16} aria-hidden="true" /> New plan
              </button>
            </div>
          </div>
        )}
        {open && open.length > 0 && (
          <ul className="cards" data-testid="project-list">
            {open.map((item) => (
              <ProjectCard
                key={item.id}
                item={item}
                onDuplicate={() => void run(() => duplicateProject(item.id), `${item.name} was duplicated`)}
                onArchive={() =>
                  void run(async () => {
                    await archiveProject(item.id);
                    toast({ text: `${item.name} was archived`, action: { label: "Undo", run: () => void run(() => unarchiveProject(item.id)) } });
                  })
                }
              />
            ))}
          </ul>
        )}
        {archived.length > 0 && (
          <section className="archive">
            <button type="button" className="lg-button quiet" aria-expanded={archiveShown} onClick={() => setArchiveShown((was) => !was)}>
              {archiveShown ? "Hide" : "Show"} archived plans ({archived.length})
            </button>
            {archiveShown && (
              <ul className="cards">
                {archived.map((item) => (
                  <ProjectCard
                    key={item.id}
                    item={item}
                    onUnarchive={() => void run(() => unarchiveProject(item.id), `${item.name} is back`)}
                    onErase={() => void run(() => eraseProject(item.id), `${item.name} was erased`)}
                  />
                ))}
              </ul>
            )}
          </section>
        )}
      </main>
      <input
        ref={picker}
        type="file"
        accept=".xml,application/xml,text/xml"
        hidden
        aria-label="MS Project XML file"
        data-testid="import-file"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (chosen) setFile(chosen);
        }}
      />
      {over && <div className="drop-hint">Drop the file to import it as a new plan</div>}
      {creating && (
        <NewPlanDialog
          onClose={() => setCreating(false)}
          onCreate={async (name) => {
            const { id } = await createProject(name, emptyPlan(name, new Date()));
            navigate(projectPath(id));
          }}
        />
      )}
      {file && (
        <ImportDialog
          file={file}
          onClose={() => {
            setFile(undefined);
            void reload();
          }}
        />
      )}
    </div>
  );
}

function EmptyPicture(): ReactNode {
  return (
    <svg width="168" height="96" viewBox="0 0 168 96" aria-hidden="true" className="empty-picture">
      <rect x="8" y="14" width="64" height="14" rx="7" className="a" />
      <rect x="46" y="40" width="74" height="14" rx="7" className="b" />
      <rect x="96" y="66" width="60" height="14" rx="7" className="a" />
      <path d="M72 21h12a6 6 0 0 1 6 6v13M120 47h8a6 6 0 0 1 6 6v13" />
    </svg>
  );
}
