import type { LiveEvents, LiveProject } from "@livegantt/client";
import type { Json, Notice, RecordKind } from "@livegantt/core";
import { en, formatValue, useLiveEvent } from "@livegantt/react";
import { useCallback } from "react";
import { useToast } from "../ui/Toasts.tsx";
import { messageOf } from "./useEdits.ts";

/** What a notice says; `undefined` for what nobody needs to hear of. */
export function noticeText(notice: Notice, name: string, by: string | undefined): string | undefined {
  const who = by ?? notice.by ?? "somebody";
  const what = name || "Something";
  switch (notice.kind) {
    case "rescued":
      return `${what} was kept: its parent was deleted by ${who}, so it moved one level up`;
    case "overwritten":
      return `${what} was changed by you and by ${who} at the same time; the later change stands`;
    case "merged_into":
      return `${what} was added by you and by ${who}; it is there once`;
    default:
      return undefined;
  }
}

/** Tells what became of edits that met: rescued, overwritten (with one click to take it back), merged. */
export function useNotices(live: LiveProject): void {
  const toast = useToast();
  useLiveEvent(
    "notice",
    useCallback(
      ({ notices, by }: LiveEvents["notice"]) => {
        for (const notice of notices) {
          const record = live.state.get(notice.collection as RecordKind, notice.id);
          const text = noticeText(notice, typeof record?.name === "string" ? record.name : "", by);
          if (!text) continue;
          const { register, previous } = notice;
          const restore = (): void => {
            try {
              live.update(notice.collection as RecordKind, notice.id, fieldsOf(register ?? "", previous), "overwritten.restore");
            } catch (error) {
              toast({ text: messageOf(error), tone: "error" });
            }
          };
          const undo = notice.kind === "overwritten" && register !== undefined && previous !== undefined && record;
          toast(undo ? { text, action: { label: undoLabel(register, previous), run: restore } } : { text });
        }
      },
      [live, toast],
    ),
  );
}

const isFields = (value: unknown): value is Record<string, Json> => typeof value === "object" && value !== null && !Array.isArray(value);
/** A register of several fields comes as an object of them, a single one as its value. */
const fieldsOf = (register: string, previous: unknown): Record<string, Json> => (isFields(previous) ? previous : { [register]: previous as Json });
const undoLabel = (register: string, previous: unknown): string =>
  isFields(previous) || String(previous ?? "").length > 24 ? "Put it back" : `Back to ${formatValue(en, register, previous)}`;
