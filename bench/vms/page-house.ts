/** Machines in one page of a headless browser. What is between the functions marked so runs there. */
import { fileURLToPath } from "node:url";
import type { EngineConfig } from "../../src/api/engine-bridge.ts";
import type { Machine } from "../../src/api/machine.ts";
import { offerImages, type OfferedFiles } from "../../src/entry/node/engine-images.ts";
import {
  type BrowserName,
  type BrowserPage,
  launchBrowser,
} from "../../src/host/node/browser-launch.ts";
import { serveStatic } from "../../src/host/node/static-server.ts";
import { type House, type Stamp, stampNow, type Verb, type Vm } from "./house.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../../page", import.meta.url));
const ENGINE_PAGE = "src/entry/browser/engine.html";

/** A machine in the page. */
interface PageVm {
  readonly machine: Machine;
  readonly type: (text: string) => Promise<void>;
  text: string;
  readonly stamps: Stamp[];
}

interface PageScope {
  readonly tabvisorEngine: { create(config: EngineConfig): Machine };
  benchVms?: Map<string, PageVm>;
  stampNow(): Stamp;
  /** When an image was last asked for. */
  fetchedAt: number;
  fetch: typeof fetch;
}

export interface PageHouse extends House {
  readonly page: BrowserPage;
}

export async function pageHouse(engine: BrowserName): Promise<PageHouse> {
  const files: OfferedFiles = new Map();
  const server = await serveStatic(PAGE_FOLDER, files);
  const browser = await launchBrowser(engine);
  const page = await browser.newPage();
  await page.goto(server.origin + ENGINE_PAGE);
  await page.evaluate(watchFetches, null);
  await page.evaluate(`((globalThis.stampNow = ${stampNow.toString()}), 0)`, null);
  return {
    engine,
    page,
    async make(name, config) {
      const offered = offerImages(config, files, `images/${name}`);
      await page.evaluate(makeInPage, [name, offered] as const);
      return pageVm(page, name);
    },
    async close() {
      server.close();
      await browser.close();
    },
  };
}

/** In the page: remembers when something was last fetched. */
function watchFetches(): void {
  const scope = globalThis as unknown as PageScope;
  const original = scope.fetch;
  scope.fetch = (...all) => {
    scope.fetchedAt = performance.now();
    return original(...all);
  };
}

/** In the page: makes a machine, keeps its console's text. */
function makeInPage([name, config]: readonly [string, EngineConfig]): void {
  const scope = globalThis as unknown as PageScope;
  const machine = scope.tabvisorEngine.create(config);
  const writer = machine.serial.writable.getWriter();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("latin1");
  const type = (text: string): Promise<void> => writer.write(encoder.encode(text));
  const vm: PageVm = { machine, text: "", stamps: [], type };
  const write = (bytes: Uint8Array): void => {
    const text = decoder.decode(bytes);
    const begun = (vm.text === "" || vm.text.endsWith("\n") ? "\n" : "") + text.replace(/\n$/, "");
    const stamp = scope.stampNow();
    for (let line = begun.split("\n").length; line > 1; line--) vm.stamps.push(stamp);
    vm.text = (vm.text + text).slice(-0x1_0000);
  };
  void machine.serial.readable.pipeTo(new WritableStream({ write }));
  scope.benchVms ??= new Map();
  scope.benchVms.set(name, vm);
}

type Call = readonly [name: string, verb: string, argument?: string];

/** In the page: one of the verbs below; @returns what it gives. */
async function callInPage([name, verb, argument]: Call): Promise<unknown> {
  const scope = globalThis as unknown as PageScope;
  const vm = scope.benchVms?.get(name);
  if (vm === undefined) throw new Error(`there is no ${name}`);
  if (verb === "text") return vm.text;
  if (verb === "stamps") return vm.stamps;
  if (verb === "lastEvent") return vm.machine.lastEvent;
  if (verb === "type") await vm.type(argument ?? "");
  if (verb === "type") return null;
  if (verb === "timed") {
    const began = performance.now();
    await vm.machine[argument as Verb]();
    const endMs = performance.now() - began;
    return { endMs, standsMs: scope.fetchedAt > began ? scope.fetchedAt - began : null };
  }
  return (await vm.machine[verb as "stats"]()) ?? null;
}

function pageVm(page: BrowserPage, name: string): Vm {
  const call = <T>(verb: string, argument?: string): Promise<T> =>
    page.evaluate(
      callInPage,
      argument === undefined ? [name, verb] : [name, verb, argument],
    ) as Promise<T>;
  return {
    start: () => call("start"),
    pause: () => call("pause"),
    resume: () => call("resume"),
    reset: () => call("reset"),
    forceOff: () => call("forceOff"),
    stats: () => call("stats"),
    stamps: () => call("stamps"),
    lastEvent: () => call("lastEvent"),
    text: () => call("text"),
    type: (text) => call("type", text),
    timed: (verb) => call("timed", verb),
  };
}
