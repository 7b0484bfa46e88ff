import type { Plugin } from "vite";

/**
 * The entry points address workers and the core as they lie in dist/. In the sources the same
 * things have another ending, and the core another folder.
 */
const AS_BUILT = [
  { from: /"(\.[^"]*)\.browser\.js"/g, to: '"$1.browser.ts"' },
  { from: /"\.\.\/\.\.\/\.\.\/core\.wasm"/g, to: '"../../../dist/core.wasm"' },
] as const;

/** Vite plugin: makes such addresses right when the page is built from the sources. */
export function builtPaths(): Plugin {
  return {
    name: "tabvisor:built-paths",
    enforce: "pre",
    transform: {
      filter: { id: /\/src\/(entry|worker)\/.*\.ts$/ },
      handler(code) {
        const changed = AS_BUILT.reduce((text, { from, to }) => text.replace(from, to), code);
        return changed === code ? null : { code: changed, map: null };
      },
    },
  };
}
