import { must } from "./command.mjs";
import { step } from "./progress.mjs";
import { unlessFresh } from "./stamp.mjs";

const TSC = "node_modules/typescript/bin/tsc";
const VITE = "node_modules/vite/bin/vite.js";
/** Generators in the order in which they need each other's output. */
const GENERATORS = ["gen-layout", "gen-isa"];

/** What the page is made of, besides the sources. */
const PAGE_INPUTS = [
  "src",
  "public",
  "index.html",
  "vite.config.ts",
  "scripts/vite",
  "package-lock.json",
];

/** What the embedding library is made of. */
const EMBED_INPUTS = [
  "src",
  "dist/core.wasm",
  "vite.embed.config.ts",
  "scripts/vite/built-paths.ts",
  "package-lock.json",
];

/**
 * @param {string} what
 * @param {readonly string[]} args
 */
const node = (what, args) => must(what, process.execPath, args);

/** Writes asm/generated from the tables. */
export async function generate() {
  await unlessFresh(
    "generated",
    ["scripts", "src/isa", "src/protocol", "src/util", "package-lock.json"],
    ["asm/generated/layout.ts", "dist/scripts/gen-layout.js"],
    () =>
      step("Generating the core's tables", async () => {
        await node("Compiling the generators", [TSC, "-b", "scripts"]);
        for (const name of GENERATORS) await node(`Running ${name}`, [`dist/scripts/${name}.js`]);
      }),
  );
}

/** @param {boolean} dev quick to compile instead of quick to run */
async function buildCore(dev) {
  await unlessFresh(
    dev ? "core-dev" : "core",
    ["asm", "scripts/compile-core.ts", "package-lock.json"],
    ["dist/core.wasm"],
    () =>
      step("Compiling the core", () =>
        node("Compiling the core", ["dist/scripts/build-core.js", ...(dev ? ["--dev"] : [])]),
      ),
  );
}

/** Compiles TypeScript; the compiler itself knows what is up to date. */
export async function compileTypes() {
  await node("Compiling TypeScript", [TSC, "-b"]);
}

async function buildPage() {
  await unlessFresh("page", [...PAGE_INPUTS, "dist/core.wasm"], ["dist/page/index.html"], () =>
    step("Building the page", () => node("Building the page", [VITE, "build"])),
  );
}

/** The embedding library as files that any page can import: docs/embedding.md. */
async function buildEmbed() {
  await unlessFresh("embed", EMBED_INPUTS, ["dist/embed/tabvisor.js"], () =>
    step("Building the embedding library", () =>
      node("Building the embedding library", [VITE, "build", "-c", "vite.embed.config.ts"]),
    ),
  );
}

/**
 * Brings everything under dist/ up to date.
 *
 * @param {{ dev?: boolean, page?: boolean }} [options] `page: false` leaves the page and the embedding library out
 */
export async function build({ dev = false, page = true } = {}) {
  await generate();
  await buildCore(dev);
  await unlessFresh(
    "types",
    ["src", "guests", "scripts", "bench", "conformance", "fuzz", "package-lock.json"],
    ["dist/src"],
    () => step("Compiling TypeScript", compileTypes),
  );
  if (!page) return;
  await buildPage();
  await buildEmbed();
}
