import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { useStored } from "./stored.ts";

const key = "livegantt.name";
const animals = ["Heron", "Otter", "Lynx", "Wren", "Fox", "Badger", "Hare", "Owl", "Seal", "Crane"];

/** A friendly name until the person gives one: the same on this device from then on. */
const guestName = (random: number): string => `Guest ${animals[Math.floor(random * animals.length)] ?? animals[0]}`;

/** Name that the others see. Empty until chosen. */
export const useUserName = (): readonly [string, (name: string) => void] => useStored(key, "");

export interface NameDialogProps {
  readonly current: string;
  readonly onChoose: (name: string) => void;
  readonly onClose?: () => void;
}

export function NameDialog({ current, onChoose, onClose }: NameDialogProps): ReactNode {
  const [guest] = useState(() => guestName(Math.random()));
  const [name, setName] = useState(current);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChoose(name.trim() || guest);
  };
  return (
    <Dialog title="What is your name?" onClose={onClose ?? (() => onChoose(current || guest))} narrow testId="name-dialog">
      <form onSubmit={submit} className="form">
        <p className="muted">The others see it beside what you change.</p>
        <input
          className="input"
          aria-label="Your name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder={guest}
          maxLength={80}
          autoComplete="name"
          data-testid="name-input"
        />
        <div className="form-actions">
          <button type="submit" className="lg-button primary" data-testid="name-submit">
            Continue{name.trim() ? "" : ` as ${guest}`}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
