import { storedValue, useStored } from "./stored.ts";

export type Theme = "system" | "light" | "dark";
const key = "livegantt.theme";
const isTheme = (text: string | null): text is Theme => text === "light" || text === "dark" || text === "system";

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Before the first drawing, so that nobody sees the other theme flash by. */
export function startTheme(): void {
  const stored = storedValue(key);
  apply(isTheme(stored) ? stored : "system");
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [stored, setStored] = useStored(key, "system");
  const theme = isTheme(stored) ? stored : "system";
  return [
    theme,
    (next) => {
      apply(next);
      setStored(next);
    },
  ];
}
