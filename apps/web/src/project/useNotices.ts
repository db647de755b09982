import type { LiveEvents, LiveProject } from "@livegantt/client";
import type { Json, Notice, RecordKind } from "@livegantt/core";
import { en, formatValue, useLiveEvent } from "@livegantt/react";
import { useCallback } from "react";
import { useToast } from "../ui/Toasts.tsx";
import { messageOf } from "./useEdits.ts";

/** What a notice says; `undefined` for what nobody needs to hear of. */
export function noticeText(notice: Notice, name: string, by: string | undefined, reason?: LiveEvents["notice"]["reason"]): string | undefined {
  const who = by ?? notice.by ?? "somebody";
  const what = name || "Something";
  if (reason) return `${what} was left as it is: ${who} changed it since, so ${reason === "undo_skipped" ? "undo" : "redo"} does not touch it`;
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
      ({ notices, by, reason }: LiveEvents["notice"]) => {
        for (const notice of notices) {
          const record = live.state.get(notice.collection as RecordKind, notice.id);
          const text = noticeText(notice, typeof record?.name === "string" ? record.name : "", by, reason);
          if (!text) continue;
          const { register, previous } = notice;
          const restore = (): void => {
            try {
              live.update(notice.collection as RecordKind, notice.id, fieldsOf(register ?? "", previous), "overwritten.restore");
            } catch (error) {
              toast({ text: messageOf(error), tone: "error" });
            }
          };
          const undo = !reason && notice.kind === "overwritten" && register !== undefined && previous !== undefined && record;
          toast(undo ? { text, action: { label: undoLabel(register, previous), run: restore } } : { text });
        }
      },
      [live, toast],
    ),
  );
  // The connection has its own place in the header; what is told here is what needs the person: storage, access, policies.
  useLiveEvent(
    "error",
    useCallback(
      (error: LiveEvents["error"]) => error.action !== "retry" && error.action !== "backoff" && toast({ text: error.message, tone: "error" }),
      [toast],
    ),
  );
}

const isFields = (value: unknown): value is Record<string, Json> => typeof value === "object" && value !== null && !Array.isArray(value);
/** A register of several fields comes as an object of them, a single one as its value. */
const fieldsOf = (register: string, previous: unknown): Record<string, Json> => (isFields(previous) ? previous : { [register]: previous as Json });
const undoLabel = (register: string, previous: unknown): string =>
  isFields(previous) || String(previous ?? "").length > 24 ? "Put it back" : `Back to ${formatValue(en, register, previous)}`;
