import { type ReactNode, useEffect, useRef, useState } from "react";
import { navigate, projectPath } from "../app/router.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { type Imported, type ImportReport, importMspdi, type ReportItem } from "./projectsApi.ts";
import { groupReport } from "./reportGroups.ts";

type State =
  | { readonly at: "sending"; readonly part: number }
  | { readonly at: "done"; readonly result: Imported }
  | { readonly at: "failed"; readonly message: string };

const nouns: Readonly<Record<string, string>> = {
  tasks: "Tasks",
  dependencies: "Links",
  resources: "Resources",
  assignments: "Assignments",
  calendars: "Calendars",
};

/** Imports one file as a new plan: progress, then what came over and what did not. */
export function ImportDialog({ file, onClose }: { readonly file: File; readonly onClose: () => void }): ReactNode {
  const [state, setState] = useState<State>({ at: "sending", part: 0 });
  // The file goes out once, however often the effect runs.
  const sent = useRef<Promise<Imported>>(undefined);
  useEffect(() => {
    let current = true;
    sent.current ??= importMspdi(file, (part) => setState({ at: "sending", part }));
    sent.current
      .then((result) => current && setState({ at: "done", result }))
      .catch((failure: unknown) => current && setState({ at: "failed", message: failure instanceof Error ? failure.message : String(failure) }));
    return () => {
      current = false;
    };
  }, [file]);
  const title = { sending: `Importing ${file.name}`, done: `${file.name} is imported`, failed: `${file.name} was not imported` }[state.at];
  return (
    <Dialog
      title={title}
      onClose={onClose}
      testId="import-dialog"
      footer={
        <>
          <button type="button" className="lg-button" onClick={onClose}>
            Close
          </button>
          {state.at === "done" && (
            <button type="button" className="lg-button primary" onClick={() => navigate(projectPath(state.result.id))} data-testid="import-open">
              Open the plan
            </button>
          )}
        </>
      }
    >
      {state.at === "sending" && (
        <>
          <progress className="progress" value={state.part < 1 ? state.part : undefined} max={1} aria-label="Import progress" />
          <p className="muted">{state.part < 1 ? `${Math.round(state.part * 100)} % sent` : "The server reads the file"}</p>
        </>
      )}
      {state.at === "failed" && (
        <p className="form-error" role="alert" data-testid="import-error">
          {state.message}
        </p>
      )}
      {state.at === "done" && (state.result.report ? <Report report={state.result.report} /> : <p>Everything came over.</p>)}
    </Dialog>
  );
}

function Report({ report }: { readonly report: ImportReport }): ReactNode {
  const groups = [
    { title: "Left out", items: report.items.filter((item) => item.kind === "omitted") },
    { title: "Adjusted", items: report.items.filter((item) => item.kind === "adjusted") },
  ];
  return (
    <div className="report" data-testid="import-report">
      <ul className="report-counts">
        {Object.entries(report.counts).map(([kind, count]) => (
          <li key={kind}>
            <strong>{count.imported}</strong> {nouns[kind] ?? kind}
            {count.omitted > 0 && <span className="warn"> {count.omitted} left out</span>}
          </li>
        ))}
      </ul>
      {report.items.length === 0 && <p className="muted">Everything in the file is in the plan.</p>}
      {groups.map((group) => group.items.length > 0 && <ReportSection key={group.title} {...group} />)}
    </div>
  );
}

function ReportSection({ title, items }: { readonly title: string; readonly items: readonly ReportItem[] }): ReactNode {
  return (
    <section>
      <h3>
        {title} ({items.length})
      </h3>
      <ul className="report-items">
        {groupReport(items).map(({ what, why, where }) => (
          <li key={`${what}\n${why}`}>
            <strong>{where.length > 1 ? `${where.length} × ${what}` : what}</strong> {where.length === 1 && <span className="muted">{where[0]}</span>}
            <br />
            {why}
            {where.length > 1 && (
              <details>
                <summary>Which ones</summary>
                <ul>
                  {where.map((place) => (
                    <li key={place}>{place}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
