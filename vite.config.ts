import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** What lets the page share memory with its workers. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { outDir: "dist/page", emptyOutDir: true, target: "es2023" },
  worker: { format: "es" },
  server: { headers: ISOLATION },
  preview: { headers: ISOLATION },
});
