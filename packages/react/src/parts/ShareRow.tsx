"use client";
import { type ReactNode, useRef, useState } from "react";
import type { ShareLink } from "../hooks/sharing.ts";
import { formatDay } from "../texts/format.ts";
import { useTexts } from "../texts/TextProvider.tsx";

export interface ShareRowProps {
  readonly link: ShareLink;
  /** Known right after it was made, and never again. */
  readonly address: string | undefined;
  /** Absent where the link has ended. */
  readonly onRevoke: (() => Promise<void>) | undefined;
}

/** One share link: what it allows, whose it is, until when; its address while that is known; revoking takes a second click. */
export function ShareRow({ link, address, onRevoke }: ShareRowProps): ReactNode {
  const texts = useTexts();
  const [sure, setSure] = useState(false);
  const [failure, setFailure] = useState<string>();
  const { role, label, createdBy, createdAt, expiresAt, revokedAt } = link;
  const until =
    revokedAt !== null
      ? texts.share.revokedOn(formatDay(texts, revokedAt))
      : expiresAt === null
        ? texts.share.noEnd
        : (onRevoke ? texts.share.until : texts.share.expiredOn)(formatDay(texts, expiresAt));
  const revoke = (): void => {
    onRevoke?.().catch((error: unknown) => {
      setSure(false);
      setFailure(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <li className="lg-share-row" data-testid="share-link" data-role={role}>
      <span className={`lg-share-role ${role}`}>{texts.share.role[role]}</span>
      <div className="lg-share-about">
        <strong>{label ?? texts.share.unnamed}</strong>
        <span>
          {texts.share.madeBy(createdBy, formatDay(texts, createdAt))} · {until}
        </span>
      </div>
      {onRevoke && !sure && (
        <button type="button" className="lg-button small quiet danger" onClick={() => setSure(true)} data-testid="share-revoke">
          {texts.share.revoke}
        </button>
      )}
      {onRevoke && sure && (
        <span className="lg-share-sure">
          <button type="button" className="lg-button small quiet" onClick={() => setSure(false)}>
            {texts.share.keep}
          </button>
          <button type="button" className="lg-button small danger" onClick={revoke} data-testid="share-revoke-sure">
            {texts.share.revokeNow}
          </button>
        </span>
      )}
      {address !== undefined && <NewAddress address={address} />}
      {failure !== undefined && (
        <p className="lg-share-note bad" role="alert">
          {failure}
        </p>
      )}
    </li>
  );
}

function NewAddress({ address }: { readonly address: string }): ReactNode {
  const texts = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // Not allowed here, or no secure page: the address is selected, the keyboard copies it.
    }
  };
  return (
    <div className="lg-share-address">
      <input ref={field} readOnly value={address} aria-label={texts.share.address} onFocus={(event) => event.target.select()} data-testid="share-address" />
      <button type="button" className="lg-button primary" onClick={copy} data-testid="share-copy">
        {copied ? texts.share.copied : texts.share.copy}
      </button>
      <p role="status">{texts.share.once}</p>
    </div>
  );
}
