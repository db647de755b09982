"use client";
import { type ReactNode, useCallback, useId, useRef, useState } from "react";
import { isActive, type NewShareLink, useShareLinks } from "../hooks/sharing.ts";
import { useLive } from "../ProjectProvider.tsx";
import { useTexts } from "../texts/TextProvider.tsx";
import { ShareForm } from "./ShareForm.tsx";
import { ShareRow } from "./ShareRow.tsx";
import { useDialogFocus } from "./useDialogFocus.ts";

export interface ShareDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Address that a link's token makes; by default `/p/<project>#link=<token>` on the page's own server. */
  readonly addressOf?: (token: string, project: string) => string;
}

const defaultAddress = (token: string, project: string): string => `${location.origin}/p/${encodeURIComponent(project)}#link=${token}`;

/** Makes, lists and revokes share links of the project around. For its admins. */
export function ShareDialog({ open, onClose, addressOf = defaultAddress }: ShareDialogProps): ReactNode {
  const dialog = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useDialogFocus(
    dialog,
    open,
    useCallback(() => close.current(), []),
  );
  const titleId = useId();
  const texts = useTexts();
  if (!open) return null;
  return (
    <div className="lg-dialog-backdrop">
      <button type="button" className="lg-dialog-scrim" tabIndex={-1} aria-label={texts.close} onClick={onClose} />
      <div ref={dialog} className="lg-dialog lg-share" role="dialog" aria-modal="true" aria-labelledby={titleId} tabIndex={-1} data-testid="share-dialog">
        <header>
          <div>
            <h2 id={titleId}>{texts.share.title}</h2>
            <p>{texts.share.intro}</p>
          </div>
          <button type="button" className="lg-button quiet" onClick={onClose} data-testid="share-close">
            {texts.close}
          </button>
        </header>
        <div className="lg-dialog-body">
          <ShareBody addressOf={addressOf} />
        </div>
      </div>
    </div>
  );
}

function ShareBody({ addressOf }: Required<Pick<ShareDialogProps, "addressOf">>): ReactNode {
  const live = useLive();
  const texts = useTexts();
  const { links, guarded, loading, failure, create, revoke } = useShareLinks();
  const [made, setMade] = useState<NewShareLink>();
  const now = Date.now();
  const [active, ended] = [links.filter((link) => isActive(link, now)), links.filter((link) => !isActive(link, now))];
  if (failure !== undefined)
    return (
      <p className="lg-share-note bad" role="alert">
        {failure}
      </p>
    );
  return (
    <>
      {!guarded && <p className="lg-share-note">{texts.share.unguarded}</p>}
      <ShareForm onCreate={async (wish) => setMade(await create(wish))} />
      <h3>{texts.share.links}</h3>
      {active.length === 0 && <p className="lg-share-empty">{loading ? texts.loading : texts.share.none}</p>}
      <ul className="lg-share-list" data-testid="share-links">
        {active.map((link) => (
          <ShareRow
            key={link.id}
            link={link}
            address={made?.id === link.id && live ? addressOf(made.token, live.projectId) : undefined}
            onRevoke={() => revoke(link.id)}
          />
        ))}
      </ul>
      {ended.length > 0 && (
        <details className="lg-share-ended">
          <summary>{texts.share.ended(ended.length)}</summary>
          <ul className="lg-share-list">
            {ended.map((link) => (
              <ShareRow key={link.id} link={link} address={undefined} onRevoke={undefined} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
