import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../api/engine-bridge.ts";
import { Deferred } from "../../api/deferred.ts";
import type { SerialPort } from "../../api/machine.ts";
import type { MachineConfig, MachineStats, StateEvent } from "../../api/types.ts";
import {
  type BrowserName,
  type BrowserPage,
  launchBrowser,
} from "../../host/node/browser-launch.ts";
import { serveStatic } from "../../host/node/static-server.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { DrivenMachine } from "./driven-machine.ts";
import { offerDrives } from "./engine-drives.ts";
import { offerImages } from "./engine-images.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../../../page", import.meta.url));
const ENGINE_PAGE = "src/entry/browser/engine.html";

/** A machine in a headless browser: the very same code, driven over the browser's remote protocol. */
export class EngineMachine implements DrivenMachine {
  readonly serial: SerialPort;
  readonly #browserName: BrowserName;
  readonly #config: MachineConfig;
  readonly #ended = new Deferred<StateEvent>();
  readonly #guestErrors = new Set<(text: string) => void>();
  readonly #states = new Set<(event: StateEvent) => void>();
  readonly #files = new Map<string, string | Uint8Array>();
  #output!: ReadableStreamDefaultController<Uint8Array>;
  #drained: (() => void) | undefined;
  #page: BrowserPage | undefined;
  /** What `close` lets go of, in this order. */
  #release: (() => unknown)[] = [];

  constructor(browserName: BrowserName, config: MachineConfig) {
    this.#browserName = browserName;
    this.#config = config;
    this.serial = this.#makeSerial();
  }

  get ended(): Promise<StateEvent> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    if (!existsSync(`${PAGE_FOLDER}/${ENGINE_PAGE}`)) {
      throw vmError("internalError", "the page is not built: run npm run build once");
    }
    const server = await serveStatic(PAGE_FOLDER, this.#files);
    const release: (() => unknown)[] = [() => server.close()];
    this.#release = release;
    const offered = await offerDrives(this.#config.drives ?? [], this.#files, server.origin);
    release.push(() => offered.close());
    const config = { ...offerImages(this.#config, this.#files), drives: offered.drives };
    const browser = await launchBrowser(this.#browserName);
    release.push(() => browser.close());
    const page = await browser.newPage();
    this.#page = page;
    await this.#listen(page);
    await page.goto(server.origin + ENGINE_PAGE);
    const failure = await this.#call((engine, arg) => engine.start(arg), config);
    if (failure !== null) throw vmError("systemError", failure.detail);
  }

  pause(): Promise<void> {
    return this.#call((engine) => engine.pause(), null);
  }

  resume(): Promise<void> {
    return this.#call((engine) => engine.resume(), null);
  }

  reset(): Promise<void> {
    return this.#call((engine) => engine.reset(), null);
  }

  async forceOff(): Promise<void> {
    // Before the page is there, there is nothing to wait for.
    if (this.#page === undefined) return this.#end({ state: "shutoff", reason: "destroyed" });
    await this.#call((engine) => engine.forceOff(), null);
  }

  stats(): Promise<MachineStats> {
    return this.#call((engine) => engine.stats(), null);
  }

  onGuestError(listener: (text: string) => void): () => void {
    this.#guestErrors.add(listener);
    return () => this.#guestErrors.delete(listener);
  }

  onState(listener: (event: StateEvent) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  async close(): Promise<void> {
    this.#page = undefined;
    for (const release of this.#release.splice(0)) await release();
  }

  #call<A, R>(code: (engine: Engine, arg: A) => Promise<R>, arg: A): Promise<R> {
    const page = this.#page;
    if (page === undefined) throw vmError("operationInvalid", "domain is not running");
    // The function crosses as text: it may use nothing but its own parameters.
    const text = `(${code.toString()})(globalThis.tabvisorEngine, ${JSON.stringify(arg)})`;
    return page.evaluate(text, undefined);
  }

  async #listen(page: BrowserPage): Promise<void> {
    await page.exposeFunction("tabvisorOutput", (base64: string) => this.#received(base64));
    await page.exposeFunction("tabvisorEnded", (event: StateEvent) => this.#end(event));
    await page.exposeFunction("tabvisorState", (event: StateEvent) => {
      for (const listener of this.#states) listener(event);
    });
    await page.exposeFunction("tabvisorGuestError", (text: string) => {
      for (const listener of this.#guestErrors) listener(text);
    });
    const lost = (message: string) => (): void =>
      this.#end({ state: "crashed", reason: "crashed", message });
    page.on("crash", lost(`${this.#browserName} crashed`));
    page.on("close", lost(`${this.#browserName} was closed`));
  }

  #end(event: StateEvent): void {
    this.#ended.resolve(event);
  }

  #makeSerial(): SerialPort {
    return {
      readable: new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            this.#output = controller;
          },
          pull: () => this.#drained?.(),
        },
        { highWaterMark: 1 },
      ),
      writable: new WritableStream<Uint8Array>({
        write: (bytes) =>
          this.#call((engine, text) => engine.input(text), Buffer.from(bytes).toString("base64")),
      }),
      sendBreak: () => this.#call((engine) => engine.sendBreak(), null),
    };
  }

  /** The page sends the next bytes when this resolves: the terminal sets the pace. */
  async #received(base64: string): Promise<void> {
    this.#output.enqueue(Uint8Array.from(Buffer.from(base64, "base64")));
    if ((this.#output.desiredSize ?? 1) > 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }
}
