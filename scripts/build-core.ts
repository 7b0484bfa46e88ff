/** Writes dist/core.wasm. `--dev` compiles for a short wait instead of speed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { compileCore } from "./compile-core.ts";

const mode = process.argv.includes("--dev") ? "dev" : "release";
const start = performance.now();
const wasm = await compileCore(["asm/index.ts"], mode);
mkdirSync("dist", { recursive: true });
writeFileSync("dist/core.wasm", wasm);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`core.wasm: ${wasm.length} bytes (${mode}, ${seconds} s)`);
