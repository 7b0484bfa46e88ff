/** What keys do. */
import { MESSAGE_LINE, type Line, helpLines, sortKey, sortLines } from "./display.ts";
import { INIT_FILE, initFileText } from "./init-file.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Screen } from "./screen.ts";
import { type Display, SORT_FIELDS, type Settings, type Sort } from "./settings.ts";
import type { TopHost } from "./host.ts";

export interface Session {
  readonly host: TopHost;
  readonly settings: Settings;
  /** None where nothing is drawn; no keys are heard then. */
  readonly screen: Screen | undefined;
  readonly keyboard: Keyboard;
  readonly uri: string;
  /** What was drawn last. */
  lines: readonly Line[];
  /** Shown until the next key. */
  message: string;
  hasEnded: boolean;
}

const SORT_KEYS: Readonly<Record<string, Sort>> = { P: "cpu", M: "mem", T: "time", N: "id" };
const DISPLAY_KEYS: Readonly<Record<string, Display>> = { "1": "pcpu", "2": "net", "3": "block" };
const CTRL_C = "\x03";
const CTRL_L = "\x0c";

export async function obey(session: Session, key: string): Promise<void> {
  const { settings } = session;
  session.message = "";
  const sort = SORT_KEYS[key];
  const display = DISPLAY_KEYS[key];
  if (key === " " || key === CTRL_L) return;
  if (key === "q" || key === CTRL_C) session.hasEnded = true;
  else if (sort) settings.sort = sort;
  else if (display) settings.display = settings.display === display ? "task" : display;
  else if (key === "0") settings.display = "task";
  else if (key === "B") settings.blocksInBytes = !settings.blocksInBytes;
  else if (key === "h") await showHelp(session);
  else if (key === "s" || key === "d") await askDelay(session);
  else if (key === "F") await askSort(session);
  else if (key === "W") session.message = await writeInitFile(session);
  else session.message = "Unknown command - try 'h' for help";
}

async function showHelp(session: Session): Promise<void> {
  session.screen?.draw(helpLines(session.settings, session.uri));
  if ((await session.keyboard.next()) === CTRL_C) session.hasEnded = true;
}

/** A line that the user types behind a question; undefined where it is given up. */
async function ask(session: Session, question: string): Promise<string | undefined> {
  let text = "";
  for (;;) {
    const lines = [...session.lines];
    lines[MESSAGE_LINE] = { text: question + text };
    session.screen?.draw(lines, { line: MESSAGE_LINE, column: question.length + text.length });
    // eslint-disable-next-line no-await-in-loop -- one key after the other
    const key = await session.keyboard.next();
    if (key === undefined || key === CTRL_C) {
      session.hasEnded = true;
      return undefined;
    }
    if (key === "\r" || key === "\n") return text;
    if (key === "\x1b") return undefined;
    if (key === "\x7f" || key === "\b") text = text.slice(0, -1);
    else if (key >= " " && key.length === 1 && text.length < 16) text += key;
  }
}

async function askDelay(session: Session): Promise<void> {
  const { settings } = session;
  const old = (settings.delayMs / 1000).toFixed(1);
  const text = await ask(session, `Change delay from ${old} to: `);
  if (text === undefined || text.trim() === "") return;
  const seconds = Number(text);
  if (Number.isNaN(seconds)) session.message = "Not a valid number";
  else if (seconds <= 0) session.message = "Delay must be > 0";
  else settings.delayMs = Math.floor(seconds * 1000);
}

const UP = new Set(["\x1b[A", "\x1bOA"]);
const DOWN = new Set(["\x1b[B", "\x1bOB"]);

async function askSort(session: Session): Promise<void> {
  const { settings, screen, keyboard } = session;
  let chosen = SORT_FIELDS.findIndex(({ name }) => name === settings.sort);
  for (;;) {
    screen?.draw(sortLines(chosen));
    // eslint-disable-next-line no-await-in-loop -- one key after the other
    const key = await keyboard.next();
    if (key === undefined || key === CTRL_C) session.hasEnded = true;
    if (key === undefined || key === CTRL_C || key === "q" || key === "\x1b") return;
    const byKey = SORT_FIELDS.findIndex(
      (field, index) => sortKey(index) === key || ("key" in field && field.key === key),
    );
    if (UP.has(key)) chosen = Math.max(chosen - 1, 0);
    else if (DOWN.has(key)) chosen = Math.min(chosen + 1, SORT_FIELDS.length - 1);
    else if (byKey >= 0 || key === "\r" || key === "\n" || key === " ") {
      settings.sort = (SORT_FIELDS[byKey >= 0 ? byKey : chosen] ?? SORT_FIELDS[0]).name;
      return;
    }
  }
}

/** Where the settings are kept; undefined nowhere. */
export function initFilePath(settings: Settings, host: TopHost): string | undefined {
  if (settings.initFile === null) return undefined;
  return settings.initFile ?? `${host.env("HOME") ?? ""}/${INIT_FILE}`;
}

/** @returns what is said of it */
async function writeInitFile({ settings, host }: Session): Promise<string> {
  const path = initFilePath(settings, host);
  if (path === undefined || !settings.mayOverwriteInitFile || settings.isSecure) {
    return "The init file is not to be written";
  }
  try {
    const file = await host.createText(path);
    await file.write(initFileText(settings));
    await file.close();
    return `Wrote settings to ${path}`;
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
