// The title of the window, which is also what the history calls a view.
import { useEffect } from "../vendor/hooks.mjs";

export function useTitle(...parts) {
  const text = [...parts, "graphcorr"].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = text;
  }, [text]);
}
