/** One domain's terminal. It outlives the view, so that scrollback survives going elsewhere. */
import { ClipboardAddon, type ClipboardSelectionType } from "@xterm/addon-clipboard";
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import type { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";
import type { DomainConsole } from "../../../virt/console.ts";
import { pieces } from "./pieces.ts";
import { keyAction, type TerminalRequests } from "./keys.ts";
import { type TerminalColours, terminalTheme } from "../../common/terminal-theme.ts";

export interface TerminalOptions {
  /** CSS pixels. */
  readonly fontSize: number;
  readonly scrollback: number;
  readonly colours: TerminalColours;
  readonly gpu: boolean;
  readonly screenReader: boolean;
  /** What xterm says to screen readers. */
  readonly words: { readonly promptLabel: string; readonly tooMuchOutput: string };
}

/** Output that xterm has not parsed yet; beyond this the guest waits. */
const MAX_PENDING_BYTES = 512 * 1024;

/** Out of the alternate screen, default attributes, cursor shown: what a new boot may assume. */
const SOFT_RESET = "\x1b[?1049l\x1b[!p\x1b[m\x1b[?25h\x1b[?2004l\x1b[r";

const sessions = new WeakMap<DomainConsole, TerminalSession>();

/** The session of a console, made at the first call. */
export function sessionOf(console: DomainConsole, options: TerminalOptions): TerminalSession {
  let session = sessions.get(console);
  if (!session) sessions.set(console, (session = new TerminalSession(console, options)));
  return session;
}

export class TerminalSession {
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  readonly #console: DomainConsole;
  readonly #host = document.createElement("div");
  readonly #fit = new FitAddon();
  readonly #encoder = new TextEncoder();
  #webgl: WebglAddon | null = null;
  #gpu: boolean;
  #requests: TerminalRequests | null = null;
  #replace: ((text: string) => string) | null = null;
  #pendingBytes = 0;

  constructor(console: DomainConsole, options: TerminalOptions) {
    setWords(options.words);
    this.#console = console;
    this.#gpu = options.gpu;
    this.#host.className = "tv-terminal-host";
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: true,
      // Fonts of the system only: a web font that arrives late leaves glyphs of two fonts.
      fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      // Underscores of some fonts reach below the line.
      lineHeight: 1.1,
      linkHandler: { activate: (_, uri) => openLink(uri) },
      ...xtermOptions(options),
    });
    this.#load();
    this.terminal.onData((text) => void this.sendText(this.#replace?.(text) ?? text));
    this.terminal.onBinary((text) => void this.send(latin1(text)));
    this.terminal.onResize(({ cols, rows }) => console.resize?.(cols, rows));
    this.terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
    console.attach((bytes) => this.#output(bytes));
  }

  /** Shows the terminal in `parent` until the returned function is called. */
  mount(parent: HTMLElement, requests: TerminalRequests): () => void {
    this.#requests = requests;
    parent.append(this.#host);
    if (!this.terminal.element) this.terminal.open(this.#host);
    void this.#useGpu();
    this.fit();
    // The guest may have been told another terminal's size.
    this.#console.resize?.(this.terminal.cols, this.terminal.rows);
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(parent);
    return () => {
      observer.disconnect();
      this.#requests = null;
      this.#host.remove();
    };
  }

  /** Takes as many rows and columns as there is room for. */
  fit(): void {
    if (this.#host.clientHeight > 0) this.#fit.fit();
  }

  change(options: TerminalOptions): void {
    setWords(options.words);
    Object.assign(this.terminal.options, xtermOptions(options));
    this.#gpu = options.gpu;
    if (this.terminal.element) void this.#useGpu();
    this.fit();
  }

  /** Sends bytes to the guest as if typed. */
  async send(bytes: Uint8Array): Promise<void> {
    // A write fails only when the machine goes away, which the state tells better.
    await this.#console.write(bytes).catch(() => {});
  }

  async sendText(text: string): Promise<void> {
    await this.send(this.#encoder.encode(text));
  }

  /** What is typed next is sent as `replace` says, until the returned function is called. */
  replaceNext(replace: (text: string) => string): () => void {
    this.#replace = replace;
    return () => {
      if (this.#replace === replace) this.#replace = null;
    };
  }

  /** Break, then a key: the kernel's SysRq over a serial line. */
  async sendSysRq(key: string): Promise<void> {
    await this.sendBreak();
    await this.sendText(key);
  }

  /** Does nothing on a device without breaks. */
  async sendBreak(): Promise<void> {
    await this.#console.sendBreak?.().catch(() => {});
  }

  get hasBreak(): boolean {
    return this.#console.sendBreak !== undefined;
  }

  /** Whether the guest learns the terminal's size by itself. */
  get tellsSize(): boolean {
    return this.#console.resize !== undefined;
  }

  /** Undoes what the last run left of modes, so that the next one starts on a sane screen. */
  softReset(): void {
    if (this.terminal.buffer.active.cursorX > 0) this.terminal.write("\r\n");
    this.terminal.write(SOFT_RESET);
  }

  /** The selection, or everything that was printed. */
  selectedOrAll(): string {
    return this.terminal.hasSelection() ? this.terminal.getSelection() : this.text();
  }

  /** Scrollback and screen as text, without the blank rows at the end. */
  text(): string {
    const buffer = this.terminal.buffer.normal;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row += 1) {
      const line = buffer.getLine(row);
      if (!line) continue;
      const text = line.translateToString(true);
      if (line.isWrapped) lines.push((lines.pop() ?? "") + text);
      else lines.push(text);
    }
    return `${lines.join("\n").trimEnd()}\n`;
  }

  #load(): void {
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = "11";
    this.terminal.loadAddon(new WebLinksAddon((_, uri) => openLink(uri)));
    this.terminal.loadAddon(new ClipboardAddon(undefined, WRITE_ONLY_CLIPBOARD));
  }

  /** WebGL where it works; xterm's own DOM renderer is the fallback. */
  async #useGpu(): Promise<void> {
    if (!this.#gpu) {
      this.#webgl?.dispose();
      this.#webgl = null;
      return;
    }
    if (this.#webgl) return;
    try {
      const { WebglAddon } = await import("@xterm/addon-webgl");
      if (this.#webgl || !this.#gpu) return;
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => {
        webgl.dispose();
        this.#webgl = null;
      });
      this.terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      this.#gpu = false;
    }
  }

  #onKey(event: KeyboardEvent): boolean {
    const action = keyAction(event);
    if (action === null) return true;
    if (action === "paste") return false;
    event.preventDefault();
    this.#requests?.[action]();
    return false;
  }

  /** Resolves at once while xterm keeps up, else when it caught up. */
  #output(bytes: Uint8Array): Promise<void> | void {
    this.#pendingBytes += bytes.length;
    const parts = pieces(bytes);
    for (const part of parts.slice(0, -1)) this.terminal.write(part);
    const parsed = new Promise<void>((resolve) => {
      this.terminal.write(parts.at(-1) ?? "", () => {
        this.#pendingBytes -= bytes.length;
        resolve();
      });
    });
    if (this.#pendingBytes > MAX_PENDING_BYTES) return parsed;
  }
}

/** xterm keeps them for all terminals in one place. */
function setWords(words: TerminalOptions["words"]): void {
  Object.assign(Terminal.strings, words);
}

function xtermOptions(options: TerminalOptions) {
  const { fontSize, scrollback, screenReader, colours } = options;
  return {
    fontSize,
    scrollback,
    screenReaderMode: screenReader,
    theme: terminalTheme(colours),
    // WCAG AA: a guest may print any colour on any other.
    minimumContrastRatio: 4.5,
  };
}

/** A guest may fill the clipboard (OSC 52) but never read it. */
const WRITE_ONLY_CLIPBOARD = {
  readText: (): string => "",
  writeText: (_: ClipboardSelectionType, text: string): Promise<void> =>
    navigator.clipboard.writeText(text).catch(() => {}),
};

function openLink(uri: string): void {
  if (/^https?:/i.test(uri)) window.open(uri, "_blank", "noopener,noreferrer");
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
