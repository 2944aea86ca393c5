// Dark or light: the system's, until one is chosen here.
import { useEffect, useState } from "../vendor/hooks.mjs";

const listeners = new Set();
export const theme = () => document.documentElement.dataset.theme;

export function toggle() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
  for (const listen of listeners) listen(next);
}

export function useTheme() {
  const [now, set] = useState(theme);
  useEffect(() => {
    listeners.add(set);
    return () => listeners.delete(set);
  }, []);
  return now;
}
