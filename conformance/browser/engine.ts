/** Runs programs in a worker of a page in a headless browser. */
import { type BrowserName, launchBrowser } from "../../src/host/node/browser-launch.ts";
import type { BrowserPage } from "../../src/host/node/browser-launch.ts";
import { serveStatic } from "../../src/host/node/static-server.ts";
import type { Engine, Outcome } from "../outcome.ts";
import type { Request } from "./request.ts";

const PAGE = "conformance.html";
const PROGRAM = "program.elf";

/** Runs in the page: asks the worker, which the first call starts. */
function ask(request: Request): Promise<Outcome> {
  const page = globalThis as typeof globalThis & { worker?: Worker };
  page.worker ??= new Worker("/conformance/browser/worker.js", { type: "module" });
  const { worker } = page;
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Outcome>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  });
}

/**
 * @param jit translate all code at its first execution instead of interpreting it
 * @throws VmError when the browser is missing
 */
export async function browserEngine(browserName: BrowserName, jit: boolean): Promise<Engine> {
  const files = new Map<string, Uint8Array>([[PAGE, new TextEncoder().encode("<!doctype html>")]]);
  const server = await serveStatic("dist", files);
  const browser = await launchBrowser(browserName);
  const page: BrowserPage = await browser.newPage();
  await page.goto(server.origin + PAGE);
  return {
    run({ elf, ...program }) {
      files.set(PROGRAM, elf);
      return page.evaluate(ask, { kind: "program", jit, path: PROGRAM, ...program });
    },
    runDirected: (name) => page.evaluate(ask, { kind: "directed", jit, name }),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
