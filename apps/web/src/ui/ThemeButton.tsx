import { Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { type Theme, useTheme } from "../app/theme.ts";
import { Menu } from "./Menu.tsx";

const themes: readonly { readonly theme: Theme; readonly label: string }[] = [
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
  { theme: "system", label: "Like the system" },
];
const icons = { light: Sun, dark: Moon, system: Monitor };

export function ThemeButton(): ReactNode {
  const [theme, setTheme] = useTheme();
  const Icon = icons[theme];
  return (
    <Menu
      label="Colours"
      button={<Icon size={18} aria-hidden="true" />}
      items={themes.map((item) => ({ label: item.label, checked: item.theme === theme, onSelect: () => setTheme(item.theme) }))}
      testId="theme-button"
    />
  );
}
