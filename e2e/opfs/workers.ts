/** Workers of a page that do what worker.ts can. */
import type { BrowserPage } from "../../src/host/node/browser-launch.ts";
import type { Operations } from "./worker.ts";

type Argument<Name extends keyof Operations> = Parameters<Operations[Name]>[0];
type Result<Name extends keyof Operations> = Awaited<ReturnType<Operations[Name]>>;

interface Call {
  readonly who: string;
  readonly name: string;
  readonly argument: unknown;
}

/** Runs in the page. */
function ask({ who, name, argument }: Call): Promise<never> {
  const page = globalThis as typeof globalThis & { workers?: Record<string, Worker> };
  const workers = (page.workers ??= {});
  const worker = (workers[who] ??= new Worker("/e2e/opfs/worker.js", { type: "module" }));
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ value: never; error?: string }>) =>
      data.error === undefined ? resolve(data.value) : reject(new Error(data.error));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ name, argument });
  });
}

/** Runs in the page. */
function end(who: string): void {
  const page = globalThis as typeof globalThis & { workers?: Record<string, Worker> };
  page.workers?.[who]?.terminate();
  delete page.workers?.[who];
}

/** Has the worker called `who` do something; it is started when it is first asked. */
export function doIn<Name extends keyof Operations>(
  page: BrowserPage,
  who: string,
  name: Name,
  argument?: Argument<Name>,
): Promise<Result<Name>> {
  return page.evaluate<Call, Result<Name>>(ask, { who, name, argument });
}

/** Ends a worker without a word. */
export function killWorker(page: BrowserPage, who: string): Promise<void> {
  return page.evaluate(end, who);
}
