"use client";
import { type FormEvent, type ReactNode, useState } from "react";
import { type NamedVersion, useVersions } from "../hooks/versions.ts";
import { useLive } from "../ProjectProvider.tsx";
import { formatDay } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";

/** Gives what the plan says now a name to come back to, and lists the names that there are. Editors may name and restore. */
export function VersionList(): ReactNode {
  const live = useLive();
  const texts = useTexts();
  const { versions, failed, name, restore } = useVersions();
  const [failure, setFailure] = useState<string>();
  const [naming, setNaming] = useState(false);
  const [text, setText] = useState("");
  const mayWrite = live?.role === "editor" || live?.role === "admin";
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    void act(async () => {
      await name(text.trim());
      setNaming(false);
      setText("");
    });
  };
  if (!mayWrite && versions.length === 0) return null;
  return (
    <section className="lg-versions" aria-label={texts.version.title}>
      <div className="lg-versions-head">
        <h3>{texts.version.title}</h3>
        {mayWrite && !naming && (
          <button type="button" className="lg-button small" onClick={() => setNaming(true)} data-testid="version-name">
            {texts.version.nameNow}
          </button>
        )}
      </div>
      {naming && (
        <form className="lg-version-form" onSubmit={submit}>
          <input
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            value={text}
            maxLength={120}
            aria-label={texts.version.name}
            placeholder={texts.version.hint}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.stopPropagation();
              setNaming(false);
            }}
            data-testid="version-input"
          />
          <button type="submit" className="lg-button small primary" disabled={text.trim() === ""} data-testid="version-save">
            {texts.version.save}
          </button>
        </form>
      )}
      {(failure !== undefined || failed) && (
        <p className="lg-share-note bad" role="alert">
          {failure ?? texts.historyError}
        </p>
      )}
      {versions.length === 0 && !naming && <p className="lg-versions-empty">{texts.version.none}</p>}
      <ul data-testid="versions">
        {versions.map((version) => (
          <VersionRow
            key={`${version.revision} ${version.name}`}
            version={version}
            onRestore={mayWrite ? () => act(() => restore(version.revision)) : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

function VersionRow({ version, onRestore }: { readonly version: NamedVersion; readonly onRestore: (() => Promise<void>) | undefined }): ReactNode {
  const texts = useTexts();
  const [sure, setSure] = useState(false);
  const restore = (): void => {
    setSure(false);
    void onRestore?.();
  };
  return (
    <li data-testid="version">
      <div>
        <strong>{version.name}</strong>
        <span>{texts.share.madeBy(version.author, formatDay(texts, version.at))}</span>
      </div>
      {onRestore && !sure && (
        <button type="button" className="lg-button small quiet" onClick={() => setSure(true)} data-testid="version-restore">
          {texts.version.restore}
        </button>
      )}
      {sure && (
        <span className="lg-share-sure">
          <button type="button" className="lg-button small quiet" onClick={() => setSure(false)}>
            {texts.share.keep}
          </button>
          <button type="button" className="lg-button small" onClick={restore} data-testid="version-restore-sure">
            {texts.version.restoreNow}
          </button>
        </span>
      )}
    </li>
  );
}
