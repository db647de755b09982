import type { LiveProject } from "@livegantt/client";
import { formatWallClock, isTimeZone, parseWallClock } from "@livegantt/core";
import { useRecord } from "@livegantt/react";
import type { ReactNode } from "react";
import { messageOf } from "../project/useEdits.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { useToast } from "../ui/Toasts.tsx";

/** What holds for the whole plan. Each field is written as soon as it is left. */
export function SettingsDialog({
  live,
  editable,
  onClose,
}: {
  readonly live: LiveProject;
  readonly editable: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const project = useRecord("project", live.state.project.id) ?? live.state.project;
  const toast = useToast();
  const write = (changes: Record<string, string | number | boolean | null>): void => {
    try {
      live.update("project", project.id, changes, "project.settings");
    } catch (error) {
      toast({ text: messageOf(error), tone: "error" });
    }
  };
  const number = (field: "hoursPerDay" | "daysPerWeek" | "daysPerMonth", label: string): ReactNode => (
    <label>
      <span>{label}</span>
      <input
        className="input"
        type="number"
        step="any"
        min={0.1}
        disabled={!editable}
        key={project[field]}
        defaultValue={project[field] ?? ""}
        onBlur={(event) => event.target.value !== String(project[field] ?? "") && write({ [field]: Number(event.target.value) || null })}
      />
    </label>
  );
  const startDay = project.startDate?.slice(0, 10) ?? "";
  return (
    <Dialog title="Plan settings" onClose={onClose} narrow testId="settings-dialog">
      <div className="form two">
        <label>
          <span>Project start</span>
          <input
            className="input"
            type="date"
            disabled={!editable}
            key={startDay}
            defaultValue={startDay}
            onBlur={(event) => {
              const day = parseWallClock(`${event.target.value}T00:00:00`);
              if (event.target.value !== startDay && day !== undefined)
                write({ startDate: formatWallClock(day + ((parseWallClock(project.startDate ?? "") ?? 480) % 1440)) });
            }}
          />
        </label>
        <label>
          <span>Calendar</span>
          <select className="input" disabled={!editable} value={project.calendar ?? ""} onChange={(event) => write({ calendar: event.target.value || null })}>
            <option value="">Always working</option>
            {[...live.state.calendars.values()].map((calendar) => (
              <option key={calendar.id} value={calendar.id}>
                {calendar.name || calendar.id}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Time zone</span>
          <input
            className="input"
            disabled={!editable}
            placeholder="e.g. Europe/Amsterdam"
            key={project.timeZone ?? ""}
            defaultValue={project.timeZone ?? ""}
            onBlur={(event) => {
              const zone = event.target.value.trim();
              if (zone === (project.timeZone ?? "")) return;
              if (zone === "" || isTimeZone(zone)) write({ timeZone: zone || null });
              else toast({ text: `"${zone}" is not a time zone. Write one like Europe/Amsterdam.`, tone: "error" });
            }}
          />
        </label>
        {number("hoursPerDay", "Hours a day")}
        {number("daysPerWeek", "Days a week")}
        {number("daysPerMonth", "Days a month")}
        <label className="check wide">
          <input
            type="checkbox"
            disabled={!editable}
            checked={project.honorConstraints !== false}
            onChange={(event) => write({ honorConstraints: event.target.checked })}
          />
          <span>A constraint wins over a link that contradicts it</span>
        </label>
      </div>
    </Dialog>
  );
}
