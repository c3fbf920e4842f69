/** Starts the app in the browser. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "@fontsource/ibm-plex-mono/latin-500.css";
import "@fontsource/ibm-plex-mono/latin-600.css";
import "./ui/styles";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { printInLightTheme } from "./lib/print";
import { createRouter } from "./router";
import { createServices } from "./services";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no element 'root'.");

printInLightTheme(window);
const services = createServices({
  fetch: (...request) => window.fetch(...request),
  clock: () => Date.now(),
  origin: window.location.origin,
});

createRoot(root).render(
  <StrictMode>
    <App services={services} router={createRouter()} />
  </StrictMode>,
);
