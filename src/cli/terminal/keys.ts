/** What a terminal sends, key by key. */

/** CSI and SS3 sequences, Alt with a character, single characters. */
// oxlint-disable-next-line no-control-regex
const KEY = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[^\x1b[O]|[\s\S]/gu;

export function splitKeys(text: string): string[] {
  return text.match(KEY) ?? [];
}

/** Names of keys that edit a line, by what terminals send for them (xterm; readline's Emacs keys). */
const NAMES: Readonly<Record<string, EditKey>> = {
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
  "\t": "complete",
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "end-of-input",
  "\x05": "end",
  "\x06": "right",
  "\x0b": "kill-to-end",
  "\x0c": "clear-screen",
  "\x0e": "next",
  "\x10": "previous",
  "\x12": "search",
  "\x14": "transpose",
  "\x15": "kill-to-start",
  "\x17": "kill-word",
  "\x19": "yank",
  "\x1b[A": "previous",
  "\x1bOA": "previous",
  "\x1b[B": "next",
  "\x1bOB": "next",
  "\x1b[C": "right",
  "\x1bOC": "right",
  "\x1b[D": "left",
  "\x1bOD": "left",
  "\x1b[H": "home",
  "\x1bOH": "home",
  "\x1b[1~": "home",
  "\x1b[F": "end",
  "\x1bOF": "end",
  "\x1b[4~": "end",
  "\x1b[3~": "delete",
  "\x1b[1;5C": "word-right",
  "\x1bf": "word-right",
  "\x1b[1;5D": "word-left",
  "\x1bb": "word-left",
  "\x1bd": "kill-next-word",
  "\x1b\x7f": "kill-word",
};

export type EditKey =
  | "enter"
  | "backspace"
  | "delete"
  | "complete"
  | "home"
  | "end"
  | "left"
  | "right"
  | "word-left"
  | "word-right"
  | "previous"
  | "next"
  | "search"
  | "interrupt"
  | "end-of-input"
  | "clear-screen"
  | "transpose"
  | "kill-to-end"
  | "kill-to-start"
  | "kill-word"
  | "kill-next-word"
  | "yank";

/** Null for characters that are themselves, and for keys that mean nothing here. */
export function editKey(key: string): EditKey | null {
  return NAMES[key] ?? null;
}

/** Whether the key is a character to be typed. */
export function isText(key: string): boolean {
  return key >= " " && key !== "\x7f" && !key.startsWith("\x1b");
}
