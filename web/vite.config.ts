/** Builds the web app into the Python package and runs its tests. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env.DAWSOS_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/v1": SERVER, "/health": SERVER } },
  preview: { host: "127.0.0.1" },
  build: {
    outDir: "../src/dawsos/_assets/web",
    emptyOutDir: true,
    target: "es2022",
    // Nothing is inlined as a data address, so that a strict content security policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    // One document and one copy of the libraries for all files: setting them up anew for each took a quarter of the time.
    // No module keeps a state of its own, and every test begins with empty storage and an empty page.
    isolate: false,
    testTimeout: 60_000,
  },
});
