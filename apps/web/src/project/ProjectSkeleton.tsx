import type { ReactNode } from "react";
import { Link } from "../app/Link.tsx";

const rows = Array.from({ length: 12 }, (_, i) => ({
  indent: (i % 4 === 0 ? 0 : 1) * 20,
  width: 90 + ((i * 47) % 110),
  left: 30 + ((i * 83) % 380),
  bar: 70 + ((i * 61) % 190),
}));
const bad: Readonly<Record<string, string>> = {
  denied: "This plan does not exist, or you have no access to it.",
  outdated: "This page is older than the server. Reload it.",
};

/** The shape of what is coming, or why it does not come. */
export function ProjectSkeleton({ status, failure }: { readonly status: string; readonly failure: string | undefined }): ReactNode {
  const problem = failure ?? bad[status];
  if (problem)
    return (
      <main className="empty-page" role="alert">
        <h1>The plan could not be opened</h1>
        <p className="muted">{problem}</p>
        <div className="row">
          <button type="button" className="lg-button" onClick={() => location.reload()}>
            Try again
          </button>
          <Link href="/" className="lg-button primary">
            All plans
          </Link>
        </div>
      </main>
    );
  return (
    <div className="project" role="status" aria-label="Loading the plan">
      <div className="project-head">
        <span className="skeleton line" style={{ width: 180 }} />
      </div>
      <div className="toolbar">
        <span className="skeleton line" style={{ width: 320 }} />
      </div>
      <div className="skeleton-plan">
        {rows.map((row) => (
          <div key={`${row.left}-${row.width}`} className="skeleton-row">
            <span className="skeleton line" style={{ marginLeft: row.indent, width: row.width }} />
            <span className="skeleton bar" style={{ marginLeft: row.left, width: row.bar }} />
          </div>
        ))}
      </div>
    </div>
  );
}
