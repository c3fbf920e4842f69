/* Sets the colour scheme before the first paint. It is a file of its own so that no inline script is needed. */
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("dawsos.theme");
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
