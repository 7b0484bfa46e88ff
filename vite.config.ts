import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { builtPaths } from "./scripts/vite/built-paths.ts";
import { CONTENT_SECURITY_POLICY, contentSecurity } from "./scripts/vite/content-security.ts";
import { serviceWorker } from "./scripts/vite/service-worker.ts";
import { usedStyles } from "./scripts/vite/used-styles.ts";
import { serveGuests } from "./scripts/vite/guests.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { version: string };

/** What lets the page share memory with its workers. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  root,
  base: "./",
  define: { TABVISOR_VERSION: JSON.stringify(version) },
  plugins: [
    react(),
    builtPaths(),
    contentSecurity(),
    serveGuests(root),
    usedStyles(),
    serviceWorker(),
  ],
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    target: "es2023",
    // Two pages: the manager, and the headless one of `tabvisor system --engine`.
    rolldownOptions: { input: ["index.html", "src/entry/browser/engine.html"] },
  },
  worker: { format: "es", plugins: () => [builtPaths()] },
  server: { headers: ISOLATION },
  preview: { headers: { ...ISOLATION, "Content-Security-Policy": CONTENT_SECURITY_POLICY } },
});
