/** Builds the embedding library for pages without a bundler: dist/embed/, to be copied to any site. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { builtPaths } from "./scripts/vite/built-paths.ts";

/** Flat and without hashes: the library finds its workers and the core beside itself. */
const NAMES = {
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  assetFileNames: "[name][extname]",
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  publicDir: false,
  plugins: [builtPaths()],
  build: {
    outDir: "dist/embed",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: { tabvisor: "src/entry/browser/tabvisor.ts" },
      preserveEntrySignatures: "strict",
      output: NAMES,
    },
  },
  worker: {
    format: "es",
    plugins: () => [builtPaths()],
    rolldownOptions: { output: NAMES },
  },
});
