import type { LiveProject } from "@livegantt/client";
import type { ScheduleViolation, ViolationKind } from "@livegantt/core";
import { useProject } from "@livegantt/react";
import { formatDuration } from "@livegantt/svar";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { messageOf } from "../project/useEdits.ts";
import { useToast } from "../ui/Toasts.tsx";
import { SidePanel } from "./SidePanel.tsx";

/** What cannot be met, in a sentence. */
export function problemText({ kind, by }: Pick<ScheduleViolation, "kind" | "by">, resource: string | undefined): string {
  const hours = by > 0 ? formatDuration(by, "hour") : undefined;
  const texts: Record<ViolationKind, string> = {
    "constraint-vs-dependency": `Its constraint and a link cannot both be kept${hours ? `: ${hours} are missing` : ""}.`,
    "before-project-start": `It starts ${hours ? `${hours} ` : ""}before the project.`,
    "deadline-missed": `It misses its deadline${hours ? ` by ${hours}` : ""}.`,
    "non-working-time": "It stands on time without work.",
    "over-allocated": `${resource ?? "Somebody"} has ${hours ?? "some hours"} more work than time.`,
    "no-working-time": "Its calendars have no working time in common.",
    "summary-link": "A link into a summary's finish has no effect.",
  };
  return texts[kind];
}

const mostShown = 200;

/** What of the plan cannot be met, each with what to do about it. */
export function ProblemsPanel({
  live,
  editable,
  onClose,
  onShowTask,
}: {
  readonly live: LiveProject;
  readonly editable: boolean;
  readonly onClose: () => void;
  readonly onShowTask: (id: string) => void;
}): ReactNode {
  const violations = useProject((plan) => plan.schedule.violations, none);
  return (
    <SidePanel title="Problems" onClose={onClose} testId="problems-panel">
      {violations.length === 0 ? (
        <div className="empty small">
          <CircleCheck size={28} aria-hidden="true" />
          <p>Everything in the plan can be met.</p>
        </div>
      ) : (
        <ul className="problems">
          {violations.slice(0, mostShown).map((violation) => (
            <Problem
              key={`${violation.kind}/${violation.task}/${violation.dependency ?? ""}/${violation.resource ?? ""}`}
              live={live}
              violation={violation}
              editable={editable}
              onShowTask={onShowTask}
            />
          ))}
          {violations.length > mostShown && <li className="muted">and {violations.length - mostShown} more</li>}
        </ul>
      )}
    </SidePanel>
  );
}
const none: readonly ScheduleViolation[] = [];

interface ProblemProps {
  readonly live: LiveProject;
  readonly violation: ScheduleViolation;
  readonly editable: boolean;
  readonly onShowTask: (id: string) => void;
}

function Problem({ live, violation, editable, onShowTask }: ProblemProps): ReactNode {
  const toast = useToast();
  const name = live.state.tasks.get(violation.task)?.name || "Unnamed task";
  const resource = violation.resource ? live.state.resources.get(violation.resource)?.name : undefined;
  return (
    <li data-testid="problem">
      <button type="button" className="text-button" onClick={() => onShowTask(violation.task)}>
        <span className="muted">{live.schedule.tasks.get(violation.task)?.wbs}</span> <strong>{name}</strong>
      </button>
      <p>{problemText(violation, resource ?? undefined)}</p>
      {editable && violation.fixes.length > 0 && (
        <div className="row wrap">
          {violation.fixes.map((fix) => (
            <button
              key={fix.label}
              type="button"
              className="lg-button small"
              onClick={() => {
                try {
                  live.apply(fix.changeset, "violation.fix");
                } catch (error) {
                  toast({ text: messageOf(error), tone: "error" });
                }
              }}
            >
              {fix.label}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}
