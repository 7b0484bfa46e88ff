/** The page's one terminal. It outlives its panel, so that closing it loses nothing. */
import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import type { RunTerminal, TerminalServices } from "./terminal-port.ts";

export interface TerminalLook {
  /** CSS pixels. */
  readonly fontSize: number;
  readonly scrollback: number;
  readonly screenReaderMode: boolean;
  readonly theme: NonNullable<Terminal["options"]["theme"]>;
}

export type InstanceServices = Omit<TerminalServices, "show">;

export interface TerminalFollower {
  /** The user left the conversation. */
  left(): void;
  /** The user wants the keyboard back (Shift+F6). */
  leave(): void;
}

export class TerminalInstance {
  readonly #terminal: Terminal;
  readonly #host = document.createElement("div");
  readonly #fit = new FitAddon();
  readonly #run: RunTerminal;
  #services: InstanceServices;
  #isRunning = false;
  #followers: TerminalFollower = { left: () => {}, leave: () => {} };

  constructor(run: RunTerminal, services: InstanceServices, look: TerminalLook) {
    this.#run = run;
    this.#services = services;
    this.#host.className = "tv-terminal-host";
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: true,
      fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      lineHeight: 1.1,
      minimumContrastRatio: 4.5,
      ...look,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = "11";
    this.#terminal.loadAddon(new WebLinksAddon());
    this.#terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
  }

  /** Shows the terminal in `parent` until the returned function is called. */
  mount(parent: HTMLElement): () => void {
    parent.append(this.#host);
    if (!this.#terminal.element) this.#terminal.open(this.#host);
    this.#fit.fit();
    const observer = new ResizeObserver(() => this.#fit.fit());
    observer.observe(parent);
    this.#terminal.focus();
    void this.#talk();
    return () => {
      observer.disconnect();
      this.#host.remove();
    };
  }

  /** Tells the view around it; returns a function that stops it. */
  follow(follower: TerminalFollower): () => void {
    this.#followers = follower;
    return () => {
      if (this.#followers === follower) this.#followers = { left: () => {}, leave: () => {} };
    };
  }

  /** The preferences or the language changed. */
  change(look: TerminalLook, services: InstanceServices): void {
    this.#services = services;
    Object.assign(this.#terminal.options, look);
    if (this.#host.isConnected) this.#fit.fit();
  }

  async #talk(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const terminal = this.#terminal;
    try {
      await this.#run(
        {
          write: (text) => terminal.write(text),
          onData: (listener) => {
            const listening = terminal.onData(listener);
            return () => listening.dispose();
          },
          size: () => ({ columns: terminal.cols, rows: terminal.rows }),
        },
        {
          greeting: this.#services.greeting,
          history: this.#services.history,
          show: (bytes) => terminal.write(bytes),
          edit: (text, suffix) => this.#services.edit(text, suffix),
          save: (name, contents) => this.#services.save(name, contents),
          pick: () => this.#services.pick(),
        },
      );
    } finally {
      this.#isRunning = false;
      terminal.reset();
      this.#followers.left();
    }
  }

  /** Tab belongs to the terminal: Shift+F6 goes back to the page. Copying is the browser's. */
  #onKey(event: KeyboardEvent): boolean {
    if (event.type !== "keydown") return true;
    if (event.key === "F6" && event.shiftKey) {
      event.preventDefault();
      this.#followers.leave();
      return false;
    }
    const isCopy = event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "c";
    if (isCopy) {
      event.preventDefault();
      void navigator.clipboard.writeText(this.#terminal.getSelection()).catch(() => {});
    }
    return !isCopy && !(event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "v");
  }
}
