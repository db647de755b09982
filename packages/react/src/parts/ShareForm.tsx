"use client";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { ShareWish } from "../hooks/sharing.ts";
import { useTexts } from "../texts/TextProvider.tsx";

const offered = ["viewer", "commenter", "editor"] as const;
const day = 86_400_000;
/** Days until a link expires; 0: it does not. */
const lifetimes = [0, 1, 7, 30, 90] as const;

/** What the next share link allows, for how long, and what it is called. */
export function ShareForm({ onCreate }: { readonly onCreate: (wish: ShareWish) => Promise<void> }): ReactNode {
  const texts = useTexts();
  const name = useId();
  const [role, setRole] = useState<(typeof offered)[number]>("viewer");
  const [days, setDays] = useState<number>(0);
  const [label, setLabel] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await onCreate({ role, ...(label.trim() && { label: label.trim() }), ...(days > 0 && { expiresAt: Date.now() + days * day }) });
      setLabel("");
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="lg-share-form" onSubmit={submit}>
      <fieldset className="lg-share-roles">
        <legend>{texts.share.whoMay}</legend>
        {offered.map((each) => (
          <label key={each} className={each === role ? "chosen" : undefined}>
            <input type="radio" name={name} value={each} checked={each === role} onChange={() => setRole(each)} data-testid={`share-role-${each}`} />
            <span>
              <strong>{texts.share.role[each]}</strong>
              <span>{texts.share.may[each]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="lg-share-fields">
        <label>
          <span>{texts.share.expires}</span>
          <select value={days} onChange={(event) => setDays(Number(event.target.value))} data-testid="share-expiry">
            {lifetimes.map((each) => (
              <option key={each} value={each}>
                {each === 0 ? texts.share.never : texts.share.inDays(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{texts.share.label}</span>
          <input
            value={label}
            maxLength={120}
            placeholder={texts.share.labelHint}
            onChange={(event) => setLabel(event.target.value)}
            data-testid="share-label"
          />
        </label>
        <button type="submit" className="lg-button primary" disabled={busy} data-testid="share-create">
          {texts.share.create}
        </button>
      </div>
      {failure !== undefined && (
        <p className="lg-share-note bad" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
