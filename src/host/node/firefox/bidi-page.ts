import type { BrowserPage } from "../browser-launch.ts";
import type { BidiSession } from "./bidi-session.ts";

/** What a script came to (WebDriver BiDi §7.6.4.8, script.EvaluateResult). */
type EvaluateResult =
  | { readonly type: "success"; readonly result: { readonly value?: string } }
  | { readonly type: "exception"; readonly exceptionDetails: { readonly text: string } };

interface Message {
  readonly channel: string;
  readonly data: { readonly value: string };
}

type Exposed = (...args: never[]) => unknown;

/** What an exposed function's call sends out: JSON, for everything must cross as text. */
interface Call {
  readonly name: string;
  readonly id: number;
  readonly args: readonly never[];
}

const CHANNEL = "tabvisor";

/**
 * Runs in the page before its own scripts: `globalThis[name](…args)` sends a message and resolves
 * when `tabvisorAnswers` has its answer.
 */
const EXPOSE = `(send) => {
  const waiting = new Map();
  let last = 0;
  globalThis.tabvisorAnswer = (id, value) => {
    waiting.get(id)(value);
    waiting.delete(id);
  };
  for (const name of NAMES) {
    globalThis[name] = (...args) =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        send(JSON.stringify({ name, id: last, args }));
      });
  }
}`;

/** A tab, with the part of Playwright's interface that is used. */
export class BidiPage implements BrowserPage {
  readonly #session: BidiSession;
  readonly #context: string;
  readonly #exposed = new Map<string, Exposed>();
  readonly #listeners: { event: string; listener: (error: Error) => void }[] = [];
  #preload: Promise<unknown> | undefined;

  private constructor(session: BidiSession, context: string) {
    this.#session = session;
    this.#context = context;
  }

  /** Opens a tab and listens to it; a session has one page. */
  static async open(session: BidiSession): Promise<BidiPage> {
    const { context } = await session.send<{ context: string }>("browsingContext.create", {
      type: "tab",
    });
    const page = new BidiPage(session, context);
    await session.on<Message>("script.message", ({ data }) => {
      void page.#called(JSON.parse(data.value) as Call);
    });
    await session.on<{ type: string; text: string }>("log.entryAdded", ({ type, text }) => {
      if (type === "javascript") page.emit("pageerror", new Error(text));
    });
    return page;
  }

  async goto(url: string): Promise<unknown> {
    this.#preload ??= this.#installExposed();
    await this.#preload;
    return this.#session.send("browsingContext.navigate", {
      context: this.#context,
      url,
      wait: "complete",
    });
  }

  async evaluate<A, R>(code: string | ((arg: A) => R | Promise<R>), arg: A): Promise<R> {
    const call =
      typeof code === "string" ? code : `(${code.toString()})(${JSON.stringify(arg) ?? ""})`;
    const answer = await this.#session.send<EvaluateResult>("script.evaluate", {
      expression: `Promise.resolve(${call}).then((result) => JSON.stringify(result))`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    const { value } = answer.result;
    return (value === undefined ? undefined : JSON.parse(value)) as R;
  }

  /** From the next `goto` on. */
  async exposeFunction(name: string, callback: Exposed): Promise<void> {
    this.#exposed.set(name, callback);
  }

  on(event: "crash" | "close" | "pageerror", listener: (error: Error) => void): unknown {
    return this.#listeners.push({ event, listener });
  }

  /** Tells the listeners of `event`. */
  emit(event: "crash" | "close" | "pageerror", error: Error): void {
    for (const known of this.#listeners) if (known.event === event) known.listener(error);
  }

  async #installExposed(): Promise<void> {
    const names = JSON.stringify([...this.#exposed.keys()]);
    await this.#session.send("script.addPreloadScript", {
      functionDeclaration: EXPOSE.replace("NAMES", names),
      arguments: [{ type: "channel", value: { channel: CHANNEL } }],
      contexts: [this.#context],
    });
  }

  async #called({ name, id, args }: Call): Promise<void> {
    const value = (await this.#exposed.get(name)?.(...args)) ?? null;
    // The page may be gone meanwhile; then nobody waits.
    await this.evaluate(`tabvisorAnswer(${id}, ${JSON.stringify(value)})`, null).catch(() => {});
  }
}
