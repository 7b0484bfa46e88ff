/** Keys that the page keeps from the guest, and bytes that its menus send to it. */
/** What keys can ask of the view around the terminal. */
export interface TerminalRequests {
  find(): void;
  leave(): void;
  copy(): void;
}

type KeyAction = keyof TerminalRequests | "paste";

type Key = Pick<KeyboardEvent, "type" | "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">;

/**
 * The terminal emulators' usual keys; Shift+F6 goes back to the page, since Tab belongs to the
 * guest. `null`: the guest's.
 */
export function keyAction(event: Key): KeyAction | null {
  if (event.type !== "keydown" || event.altKey || event.metaKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey && !event.ctrlKey && key === "f6") return "leave";
  if (!event.ctrlKey || !event.shiftKey) return null;
  if (key === "c") return "copy";
  if (key === "f") return "find";
  // The browser pastes; xterm must only not send the key.
  return key === "v" ? "paste" : null;
}

/** Control characters of the menu, by what the terminal driver makes of them. */
export const CONTROL_KEYS = [
  { id: "c", label: "Ctrl+C", text: "\x03" },
  { id: "d", label: "Ctrl+D", text: "\x04" },
  { id: "z", label: "Ctrl+Z", text: "\x1a" },
  { id: "backslash", label: "Ctrl+\\", text: "\x1c" },
  { id: "l", label: "Ctrl+L", text: "\x0c" },
] as const;

/** Keys that touch keyboards lack. */
export const OTHER_KEYS = [
  { id: "escape", label: "Esc", text: "\x1b" },
  { id: "tab", label: "Tab", text: "\t" },
  { id: "up", label: "↑", text: "\x1b[A" },
  { id: "down", label: "↓", text: "\x1b[B" },
] as const;

/** Codes of Linux's input-event-codes.h: what the machine's keyboard sends. */
const LEFT_CTRL = 29;
const LEFT_ALT = 56;
const SYSRQ = 99;

/** What keyboards have and terminals have not: the keys that systems themselves listen to. */
export const KEYBOARD_KEYS = [
  { label: "Ctrl+Alt+Delete", codes: [LEFT_CTRL, LEFT_ALT, 111] },
  ...[59, 60, 61, 62, 63, 64].map((code, i) => ({
    label: `Ctrl+Alt+F${i + 1}`,
    codes: [LEFT_CTRL, LEFT_ALT, code],
  })),
] as const;

/** Codes of the letters of SYSRQ_KEYS. */
const LETTERS = { h: 35, s: 31, u: 22, t: 20, m: 50, b: 48, o: 24 } as const;

/** What a keyboard presses for the kernel's SysRq handler. */
export function sysRqCodes(key: (typeof SYSRQ_KEYS)[number]): readonly number[] {
  return [LEFT_ALT, SYSRQ, LETTERS[key]];
}

/** Keys of the kernel's SysRq handler (Linux: Documentation/admin-guide/sysrq.rst). */
export const SYSRQ_KEYS = ["h", "s", "u", "t", "m", "b", "o"] as const;
