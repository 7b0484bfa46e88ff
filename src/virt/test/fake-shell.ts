/** A guest of the test driver: a line discipline and a handful of commands, no machine behind. */

/** What the shell may do to its domain. */
export interface FakeShellEvents {
  write(bytes: Uint8Array): void;
  poweroff(): void;
  reboot(): void;
  crash(): void;
}

const PROMPT = "/ # ";
const BACKSPACE = 0x7f;
const CTRL_C = 0x03;
const CARRIAGE_RETURN = 0x0d;

/** Echoes what is typed, and obeys a line at a time. */
export class FakeShell {
  readonly #events: FakeShellEvents;
  #line: number[] = [];
  #rows = 24;
  #columns = 80;

  constructor(events: FakeShellEvents) {
    this.#events = events;
  }

  /** The boot messages and the first prompt. */
  boot(name: string): void {
    this.#print(`Test guest '${name}': type "help" for its commands.\n\n${PROMPT}`);
  }

  input(bytes: Uint8Array): void {
    for (const byte of bytes) this.#key(byte);
  }

  break(): void {
    this.#print("<break>\n");
  }

  #key(byte: number): void {
    if (byte === CARRIAGE_RETURN || byte === 0x0a) {
      this.#print("\n");
      const line = text(this.#line);
      this.#line = [];
      this.#obey(line.trim());
    } else if (byte === BACKSPACE) {
      if (this.#line.pop() !== undefined) this.#print("\b \b");
    } else if (byte === CTRL_C) {
      this.#line = [];
      this.#print(`^C\n${PROMPT}`);
    } else if (byte >= 0x20) {
      this.#line.push(byte);
      this.#events.write(new Uint8Array([byte]));
    }
  }

  #obey(line: string): void {
    const [command = "", ...words] = line.split(/\s+/);
    const power = { poweroff: 1, reboot: 1, crash: 1 } as const;
    if (command in power) {
      this.#events[command as keyof typeof power]();
      return;
    }
    const output = this.#run(command, words);
    this.#print((output === "" ? "" : `${output}\n`) + PROMPT);
  }

  #run(command: string, words: readonly string[]): string {
    switch (command) {
      case "":
        return "";
      case "help":
        return "clear crash echo help link poweroff reboot seq stty uname";
      case "echo":
        return words.join(" ");
      case "clear":
        return "\x1b[H\x1b[2J";
      case "link":
        return "https://example.org/";
      case "uname":
        return "Linux test 6.12.0 riscv64 GNU/Linux";
      case "seq":
        return Array.from({ length: Math.min(Number(words[0]) || 0, 5000) }, (_, i) => i + 1).join(
          "\n",
        );
      case "stty":
        return this.#stty(words);
      default:
        return `sh: ${command}: not found`;
    }
  }

  #stty(words: readonly string[]): string {
    if (words[0] === "size") return `${this.#rows} ${this.#columns}`;
    for (let i = 0; i + 1 < words.length; i += 2) {
      const value = Number(words[i + 1]);
      if (words[i] === "rows") this.#rows = value;
      if (words[i] === "cols") this.#columns = value;
    }
    return "";
  }

  /** ASCII text, with the terminal driver's ONLCR. */
  #print(ascii: string): void {
    const cooked = ascii.replaceAll("\n", "\r\n");
    this.#events.write(Uint8Array.from(cooked, (char) => char.charCodeAt(0)));
  }
}

/** Bytes as Latin-1: enough to split a line into words. */
function text(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
}
