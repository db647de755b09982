import type { AssignmentRecord, TaskRecord } from "@livegantt/core";
import { Avatar, useCollectionVersion } from "@livegantt/react";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Combobox } from "../ui/Combobox.tsx";
import { useToast } from "../ui/Toasts.tsx";
import { colorOf } from "./colors.ts";
import { useTaskEdits } from "./EditContext.ts";

/** Who works on the task, and with how much of the time. */
export function ResourcesSection({ task }: { readonly task: TaskRecord }): ReactNode {
  const { live, editable, commit } = useTaskEdits();
  useCollectionVersion("assignments");
  useCollectionVersion("resources");
  const assigned = [...live.state.assignmentsOfTask.of(task.id)].map((id) => live.state.assignments.get(id)).filter((assignment) => assignment !== undefined);
  const taken = new Set(assigned.map((assignment) => assignment.resource));
  const find = (text: string) =>
    [...live.state.resources.values()]
      .filter((resource) => !taken.has(resource.id) && (resource.name ?? "").toLowerCase().includes(text.toLowerCase()))
      .map((resource) => ({ id: resource.id, label: resource.name || "Unnamed" }))
      .sort((a, b) => a.label.localeCompare(b.label));
  const assign = (resource: string): void => commit("assignment.add", (tx) => void tx.add("assignments", { event: task.id, resource, units: 100 }));
  const create = (name: string): void =>
    commit("assignment.add", (tx) => {
      const resource = tx.add("resources", { name });
      tx.add("assignments", { event: task.id, resource, units: 100 });
    });
  return (
    <section className="section">
      <h3>Resources</h3>
      {assigned.map((assignment) => (
        <AssignmentRow key={assignment.id} assignment={assignment} />
      ))}
      {editable && (
        <Combobox
          label="Assign somebody"
          testId="assign-resource"
          find={find}
          onPick={assign}
          onCreate={create}
          createLabel={(name) => `New resource “${name}”`}
        />
      )}
    </section>
  );
}

function AssignmentRow({ assignment }: { readonly assignment: AssignmentRecord }): ReactNode {
  const { live, editable, commit } = useTaskEdits();
  const toast = useToast();
  const [draft, setDraft] = useState<string>();
  const name = live.state.resources.get(assignment.resource)?.name || "Unnamed";
  const units = assignment.units ?? 100;
  const setUnits = (): void => {
    const value = Number(draft?.replace("%", "").replace(",", "."));
    setDraft(undefined);
    if (draft === undefined || value === units) return;
    if (Number.isFinite(value) && value >= 0) commit("assignment.units", (tx) => tx.update("assignments", assignment.id, { units: value }));
    else toast({ text: `"${draft}" is not a percentage.`, tone: "error" });
  };
  return (
    <div className="link-row" data-testid="assignment-row">
      <Avatar name={name} color={colorOf(assignment.resource)} />
      <span className="grow">{name}</span>
      <input
        className="input small lag"
        aria-label={`Units of ${name}`}
        value={draft ?? `${units} %`}
        disabled={!editable}
        onFocus={() => setDraft(`${units} %`)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={setUnits}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {editable && (
        <button
          type="button"
          className="icon-button small"
          aria-label={`Take ${name} off`}
          onClick={() => commit("assignment.remove", (tx) => tx.remove("assignments", assignment.id))}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
