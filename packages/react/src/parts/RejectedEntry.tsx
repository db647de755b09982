"use client";
import type { RejectedEdit } from "@livegantt/client";
import type { ReactNode } from "react";
import { useLive } from "../ProjectProvider.tsx";
import { formatMoment } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";
import { describeChangeset } from "./conflictModel.ts";
import { recordName } from "./recordName.ts";

/** An edit that the server refused for good, with the reason. */
export function RejectedEntry({ edit, onDismiss }: { readonly edit: RejectedEdit; readonly onDismiss: () => void }): ReactNode {
  const live = useLive();
  const texts = useTexts();
  return (
    <article className="lg-conflict lg-rejected" data-testid="rejected-entry">
      <p className="lg-conflict-why">
        {texts.rejectedWhy(edit.message)} <span className="lg-conflict-when">{texts.madeAt(formatMoment(texts, edit.madeAt, Date.now()))}</span>
      </p>
      <ul className="lg-changes">
        {describeChangeset(texts, edit.payload, (kind, id) => recordName(live, kind, id)).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="lg-conflict-actions">
        <button type="button" className="lg-button" onClick={onDismiss} data-testid="rejected-dismiss">
          {texts.dismiss}
        </button>
      </div>
    </article>
  );
}
