import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "../ui/Dialog.tsx";

export interface NewPlanDialogProps {
  readonly onCreate: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

export function NewPlanDialog({ onCreate, onClose }: NewPlanDialogProps): ReactNode {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await onCreate(name.trim() || "Untitled plan");
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title="New plan" onClose={onClose} narrow testId="new-plan-dialog">
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label>
          <span>Name</span>
          <input
            className="input"
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder="Untitled plan"
            maxLength={255}
            data-testid="new-plan-name"
          />
        </label>
        <p className="muted">It starts this week, works Monday to Friday from 8 to 12 and 13 to 17. All of that can be changed later.</p>
        {error && (
          <p className="form-error" role="alert">
            {error}
          </p>
        )}
        <div className="form-actions">
          <button type="button" className="lg-button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="lg-button primary" disabled={busy} data-testid="new-plan-create">
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}
