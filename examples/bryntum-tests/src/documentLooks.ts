import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const packages = join(import.meta.dirname, "../../../packages");
const styles = ["status", "avatars", "presence", "conflict"].map((name) => readFileSync(join(packages, `styles/${name}.css`), "utf8")).join("\n");
const reactPart = readFileSync(join(packages, "bryntum/src/react/RealtimeGantt.tsx"), "utf8");
const css = (name: string) => () => expect(styles).toContain(`.${name}`);

/** The rows about classes and styles. */
export const looks: Record<string, () => unknown> = {
  "remote-selection": css("remote-selection"),
  RealtimeGantt: () => expect(reactPart).toContain("export function RealtimeGantt"),
  "realtime-gantt": () => expect(reactPart).toContain('className="realtime-gantt"'),
  header: () => expect(reactPart).toContain('className="header"'),
  status: () => expect(reactPart).toMatch(/className=\{`status \$/),
  projectConfig: () => expect(reactPart).toContain("project={config}"),
  "examples/realtime-updates/": () => {
    for (const name of ["realtime-updates/main.js", "realtime-updates-react/main.jsx"]) expect(existsSync(join(packages, "../examples", name))).toBe(true);
  },
  "active-users": () => expect(reactPart).toContain("active-users"),
  "status-dot": () => {
    for (const name of ["status-dot", "status-dot.connected", "status-dot.disconnected"]) css(name)();
  },
  "user-avatars": css("user-avatars"),
  "conflict-dialog": css("conflict-dialog"),
  "field-comparison": css("field-comparison"),
  "local-value": css("local-value"),
  "server-value": css("server-value"),
};
