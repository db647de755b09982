import type { DependencyRecord, DependencyType, TaskRecord } from "@livegantt/core";
import { useCollectionVersion } from "@livegantt/react";
import { formatDuration, linkTasks, parseDuration } from "@livegantt/svar";
import { Link2Off } from "lucide-react";
import { type ReactNode, useState } from "react";
import { messageOf } from "../project/useEdits.ts";
import { useToast } from "../ui/Toasts.tsx";
import { useTaskEdits } from "./EditContext.ts";
import { TaskPicker } from "./TaskPicker.tsx";

const types: readonly { readonly value: DependencyType; readonly label: string }[] = [
  { value: 2, label: "finish → start" },
  { value: 0, label: "start → start" },
  { value: 3, label: "finish → finish" },
  { value: 1, label: "start → finish" },
];

/** Predecessors and successors with type and lag. */
export function LinksSection({ task, onShowTask }: { readonly task: TaskRecord; readonly onShowTask: (id: string) => void }): ReactNode {
  const { live, editable, commit } = useTaskEdits();
  useCollectionVersion("dependencies");
  const linksOf = (ids: ReadonlySet<string>): DependencyRecord[] => [...ids].map((id) => live.state.dependencies.get(id)).filter((link) => link !== undefined);
  const before = linksOf(live.state.predecessors.of(task.id));
  const after = linksOf(live.state.successors.of(task.id));
  return (
    <section className="section">
      <h3>Predecessors</h3>
      {before.map((link) => (
        <LinkRow key={link.id} link={link} other={link.fromTask} onShowTask={onShowTask} />
      ))}
      {editable && (
        <TaskPicker
          label="Add a predecessor"
          testId="add-predecessor"
          exclude={new Set([task.id, ...before.map((link) => link.fromTask), ...live.state.ancestors(task.id), ...live.state.descendants(task.id)])}
          onPick={(id) => commit("link.add", (tx) => void linkTasks(tx, live, id, task.id))}
        />
      )}
      {after.length > 0 && (
        <>
          <h3>Successors</h3>
          {after.map((link) => (
            <LinkRow key={link.id} link={link} other={link.toTask} onShowTask={onShowTask} />
          ))}
        </>
      )}
    </section>
  );
}

interface LinkRowProps {
  readonly link: DependencyRecord;
  readonly other: string;
  readonly onShowTask: (id: string) => void;
}

function LinkRow({ link, other, onShowTask }: LinkRowProps): ReactNode {
  const { live, editable, commit } = useTaskEdits();
  const toast = useToast();
  const [draft, setDraft] = useState<string>();
  const lag = link.lag ?? 0;
  const lagText = lag === 0 ? "" : formatDuration(lag, link.lagUnit ?? "day");
  const name = live.state.tasks.get(other)?.name || "Unnamed task";
  const setLag = (): void => {
    const text = draft?.trim();
    setDraft(undefined);
    if (text === undefined || text === lagText) return;
    try {
      const parsed = text === "" ? { amount: 0, unit: "day" as const } : parseDuration(text.replace("−", "-"));
      commit("link.edit", (tx) => tx.update("dependencies", link.id, { lag: parsed.amount, lagUnit: parsed.unit }));
    } catch (error) {
      toast({ text: messageOf(error), tone: "error" });
    }
  };
  return (
    <div className="link-row" data-testid="link-row">
      <button type="button" className="text-button" onClick={() => onShowTask(other)} title={name}>
        <span className="muted">{live.schedule.tasks.get(other)?.wbs}</span> {name}
      </button>
      <select
        className="input small"
        aria-label={`Type of the link with ${name}`}
        value={link.type ?? 2}
        disabled={!editable}
        onChange={(event) => commit("link.edit", (tx) => tx.update("dependencies", link.id, { type: Number(event.target.value) }))}
      >
        {types.map((type) => (
          <option key={type.value} value={type.value}>
            {type.label}
          </option>
        ))}
      </select>
      <input
        className="input small lag"
        aria-label={`Lag of the link with ${name}`}
        placeholder="lag"
        value={draft ?? lagText}
        disabled={!editable}
        onFocus={() => setDraft(lagText)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={setLag}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {editable && (
        <button
          type="button"
          className="icon-button small"
          aria-label={`Remove the link with ${name}`}
          onClick={() => commit("link.delete", (tx) => tx.remove("dependencies", link.id))}
        >
          <Link2Off size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
