/** How far a copy is, in one line that is written again and again. */
import type { ToolHost } from "./host.ts";

const PERIOD_MS = 300;
/** Rates are averaged over about this time. */
const TIMESCALE_MS = 5000;

type Terminal = Pick<ToolHost, "out" | "nowMs" | "columns">;

/** One copy at a time: `start`, some `update`s, `end`. */
export class Meter {
  readonly #terminal: Terminal;
  readonly #isQuiet: boolean;
  #text = "";
  #size: number | undefined;
  #done = 0;
  #startMs = 0;
  /** When the line was last written. */
  #shownMs = 0;
  /** When `done` was last measured for the rate. */
  #measuredMs = 0;
  #bytesPerMs: number | undefined;

  constructor(terminal: Terminal, isQuiet: boolean) {
    this.#terminal = terminal;
    this.#isQuiet = isQuiet;
  }

  /** `sizeBytes` is left out where it is not known. */
  start(text: string, sizeBytes?: number): void {
    this.#text = text;
    this.#size = sizeBytes;
    this.#done = 0;
    this.#bytesPerMs = undefined;
    this.#startMs = this.#terminal.nowMs();
    this.#shownMs = this.#startMs;
    this.#measuredMs = this.#startMs;
  }

  /** So many bytes are done. */
  update(bytes: number): void {
    const now = this.#terminal.nowMs();
    if (now < this.#shownMs + PERIOD_MS) return;
    this.#measure(bytes, now);
    this.#shownMs = now;
    this.#write(this.#progressLine());
  }

  end(): void {
    const { rest, fit } = lineParts(this.#terminal.columns());
    const size = fit(` | ${short(this.#done).padStart(5)}B`);
    const time = fit(`  ${clock(this.#measuredMs - this.#startMs, this.#isWide())}`);
    const end = fit(this.#endMark());
    this.#write(`\r${padded(this.#text, rest())}${size}${time}${end}\n`);
  }

  #endMark(): string {
    if (this.#size === undefined || this.#size === 0) return "     ";
    if (this.#done > this.#size) return " !!! ";
    return this.#done < this.#size ? " ... " : "     ";
  }

  #isWide(): boolean {
    return this.#terminal.columns() > 80;
  }

  #write(line: string): void {
    if (!this.#isQuiet) this.#terminal.out(line);
  }

  #measure(bytes: number, now: number): void {
    if (bytes > this.#done && this.#done > 0) {
      const elapsed = now - this.#measuredMs;
      const recent = elapsed > 0 ? (bytes - this.#done) / elapsed : undefined;
      const weight = Math.min(elapsed / TIMESCALE_MS, 1);
      const old = this.#bytesPerMs;
      this.#bytesPerMs =
        old === undefined || recent === undefined
          ? (recent ?? old)
          : weight * recent + (1 - weight) * old;
    }
    this.#measuredMs = now;
    this.#done = bytes;
  }

  #progressLine(): string {
    const { rest, fit } = lineParts(this.#terminal.columns());
    const total = this.#size;
    const rate = this.#bytesPerMs ?? 0;
    const size = fit(` | ${short(this.#done).padStart(5)}B`);
    if (total === undefined) {
      const elapsed = fit(`  ${clock(this.#measuredMs - this.#startMs, this.#isWide())}`);
      const end = fit("     ");
      const speed = fit(` ${short(rate * 1000).padStart(5)}B/s`);
      return `${padded(this.#text, rest())}${speed}${size}${elapsed}${end}\r`;
    }
    const share = total > 0 ? this.#done / total : 1;
    const time = fit(
      `  ${clock(rate > 0 ? (total - this.#done) / rate : undefined, this.#isWide())}`,
    );
    const end = fit(" ETA ");
    const percent = fit(` ${String(Math.floor(share * 100)).padStart(2)}%`);
    const speed = fit(` ${short(rate * 1000).padStart(5)}B/s`);
    const width = 4 + Math.floor(Math.max(rest() - 20, 0) / 2);
    const bar = fit(` [${barText(width, share)}]`);
    return `\r${padded(this.#text, rest())}${percent}${bar}${speed}${size}${time}${end}\r`;
  }
}

function padded(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}

/** A line that keeps eight characters for its text; once a part does not fit, none does. */
function lineParts(columns: number): { rest: () => number; fit: (part: string) => string } {
  let left = columns;
  let isFull = false;
  return {
    rest: () => left,
    fit: (part) => {
      isFull ||= left - 8 < part.length;
      if (isFull) return "";
      left -= part.length;
      return part;
    },
  };
}

function barText(width: number, share: number): string {
  const length = width * share;
  const whole = Math.floor(length);
  const text = `${"=".repeat(whole)}${length - whole >= 0.5 ? "-" : ""}`;
  return text.slice(0, width).padEnd(width);
}

function clock(ms: number | undefined, withHours: boolean): string {
  if (ms === undefined || ms < 0) return withHours ? "--:--:--" : "--:--";
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (!withHours) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

/** `1.5 M`: three digits at most. */
function short(value: number): string {
  let number = value;
  let depth = 0;
  while (number > 999 && depth < PREFIXES.length - 1) {
    number /= 1024;
    depth += 1;
  }
  const digits = depth > 0 && number < 9.95 ? 1 : 0;
  return `${number.toFixed(digits)} ${PREFIXES[depth]}`;
}
