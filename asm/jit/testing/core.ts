/** The core under test: what the build wrote, or the file that TABVISOR_CORE names. */
import { existsSync, readFileSync } from "node:fs";

const BUILT = new URL("../../../dist/core.wasm", import.meta.url);
const path = process.env["TABVISOR_CORE"] ?? BUILT;

/** Whether there is one. */
export const built = existsSync(path);

export function compiledCore(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(path));
}
