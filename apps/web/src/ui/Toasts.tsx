import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

export interface Toast {
  readonly text: string;
  readonly tone?: "info" | "success" | "error";
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Shown extends Toast {
  readonly id: number;
}

const PushContext = createContext<(toast: Toast) => void>(() => {});
/** Shows a short message; it goes by itself unless it asks for something. */
export const useToast = (): ((toast: Toast) => void) => useContext(PushContext);

const stayMs = { info: 6000, success: 4000, error: 9000 };
const mostShown = 4;
const icons = { info: Info, success: CircleCheck, error: CircleAlert };

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(1);
  const push = useCallback((toast: Toast) => {
    const id = next.current++;
    setShown((before) => [...before.filter((other) => other.text !== toast.text), { ...toast, id }].slice(-mostShown));
  }, []);
  const drop = useCallback((id: number) => setShown((before) => before.filter((toast) => toast.id !== id)), []);
  return (
    <PushContext.Provider value={push}>
      {children}
      <div className="toasts" role="status" aria-live="polite" data-testid="toasts">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onDrop={drop} />
        ))}
      </div>
    </PushContext.Provider>
  );
}

function ToastCard({ toast, onDrop }: { readonly toast: Shown; readonly onDrop: (id: number) => void }): ReactNode {
  const tone = toast.tone ?? "info";
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    if (paused) return;
    const timer = setTimeout(() => onDrop(toast.id), toast.action ? stayMs.error : stayMs[tone]);
    return () => clearTimeout(timer);
  }, [toast, tone, onDrop, paused]);
  const Icon = useMemo(() => icons[tone], [tone]);
  return (
    <div className={`toast ${tone}`} onPointerEnter={() => setPaused(true)} onPointerLeave={() => setPaused(false)}>
      <Icon size={17} aria-hidden="true" />
      <span>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className="lg-button small"
          onClick={() => {
            toast.action?.run();
            onDrop(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button type="button" className="icon-button small" aria-label="Dismiss" onClick={() => onDrop(toast.id)}>
        <X size={14} aria-hidden="true" />
      </button>
    </div>
  );
}
