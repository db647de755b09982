"use client";
import type { ReactNode } from "react";
import { type HistoryOptions, useHistory } from "../hooks/history.ts";
import { usePresence } from "../hooks/session.ts";
import { useLive } from "../ProjectProvider.tsx";
import { formatMoment } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";
import { Avatar } from "./Avatar.tsx";
import { describeHistory } from "./describeHistory.ts";
import { recordName } from "./recordName.ts";

const shownLines = 4;

/** Who changed what and when, of the whole plan or of one task. */
export function HistoryPanel(options: HistoryOptions): ReactNode {
  const live = useLive();
  const users = usePresence();
  const texts = useTexts();
  const { entries, loading, failed, hasMore, loadOlder } = useHistory(options);
  if (failed)
    return (
      <p className="lg-history-note" role="alert">
        {texts.historyError}
      </p>
    );
  if (entries.length === 0)
    return (
      <p className="lg-history-note" data-testid={loading ? undefined : "history-panel"}>
        {loading ? texts.loading : texts.historyEmpty}
      </p>
    );
  return (
    <>
      <ol className="lg-history" aria-label={texts.history} data-testid="history-panel">
        {entries.map((entry) => {
          const lines = describeHistory(texts, entry.changes, (kind, id) => recordName(live, kind, id));
          const name = entry.author || texts.somebody;
          return (
            <li key={entry.revision}>
              <Avatar name={name} color={users.find((user) => user.name === name)?.color ?? "var(--lg-ink-3)"} />
              <div>
                <div className="lg-history-head">
                  <strong>{name}</strong>
                  <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(texts, new Date(entry.at).toISOString(), Date.now())}</time>
                </div>
                <ul className="lg-history-lines">
                  {lines.slice(0, shownLines).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                  {lines.length > shownLines && <li>+{lines.length - shownLines}</li>}
                  {lines.length === 0 && entry.intent && <li>{entry.intent}</li>}
                </ul>
              </div>
            </li>
          );
        })}
      </ol>
      {hasMore && (
        <button type="button" className="lg-button quiet" onClick={loadOlder}>
          {texts.more}
        </button>
      )}
    </>
  );
}
