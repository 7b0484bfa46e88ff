/** QEMU's escape character of a terminal that shares a serial line. */
const CTRL_A = 0x01;

/** What the user asked the terminal for. */
export type TerminalCommand = "exit" | "break" | "continue" | "help" | "stats";

/** Bytes for the guest and commands for us, in the order typed. */
export type TerminalInput =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "command"; readonly command: TerminalCommand };

export const ESCAPE_HELP = [
  "C-a h    print this help",
  "C-a x    exit emulator",
  "C-a b    send break (magic sysrq)",
  "C-a c    go on after an I/O error paused the machine",
  "C-a i    print counters to stderr",
  "C-a C-a  sends C-a",
].join("\n");

const COMMANDS: Readonly<Record<string, TerminalCommand>> = {
  h: "help",
  "?": "help",
  x: "exit",
  b: "break",
  c: "continue",
  i: "stats",
};

/** Finds Ctrl-A sequences in what is typed, also when they arrive in pieces. */
export class EscapeParser {
  #escaped = false;

  feed(bytes: Uint8Array): TerminalInput[] {
    const out: TerminalInput[] = [];
    let plain: number[] = [];
    const flush = (): void => {
      if (plain.length > 0) out.push({ kind: "bytes", bytes: Uint8Array.from(plain) });
      plain = [];
    };
    for (const byte of bytes) {
      if (!this.#escaped) {
        if (byte === CTRL_A) this.#escaped = true;
        else plain.push(byte);
        continue;
      }
      this.#escaped = false;
      const command = COMMANDS[String.fromCharCode(byte)];
      if (command !== undefined) {
        flush();
        out.push({ kind: "command", command });
      } else if (byte === CTRL_A || byte === 0x61) {
        plain.push(CTRL_A);
      }
      // Like QEMU: an unknown letter after Ctrl-A is dropped.
    }
    flush();
    return out;
  }
}
