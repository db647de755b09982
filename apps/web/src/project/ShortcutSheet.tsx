import type { ReactNode } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import type { Shortcut } from "./useShortcuts.ts";

const inChart: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ["↑", "↓"], what: "Go to the task above, below" },
  { keys: ["F2"], what: "Type into the cell" },
  { keys: ["Tab"], what: "Next cell while typing" },
  { keys: ["Ctrl+C", "Ctrl+X", "Ctrl+V"], what: "Copy, cut, paste tasks" },
  { keys: ["Ctrl+click"], what: "Select one more task" },
];

export function ShortcutSheet({ shortcuts, onClose }: { readonly shortcuts: readonly Shortcut[]; readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keyboard" onClose={onClose} testId="shortcuts-dialog">
      <dl className="shortcuts">
        {[...shortcuts, ...inChart].map(({ keys, what }) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
