/** Prints in the light theme, whatever the screen shows: ink on paper. Charts redraw on the same events. */

const ATTRIBUTE = "data-mantine-color-scheme";

export function printInLightTheme(window: Window): () => void {
  const root = window.document.documentElement;
  let onScreen: string | null = null;
  const before = () => {
    onScreen = root.getAttribute(ATTRIBUTE);
    root.setAttribute(ATTRIBUTE, "light");
  };
  const after = () => {
    if (onScreen) root.setAttribute(ATTRIBUTE, onScreen);
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}
