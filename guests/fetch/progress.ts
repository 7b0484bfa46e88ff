/** Where long work tells how far it is. */
export interface Progress {
  /** A new step begins; `text` is a short phrase without a full stop. */
  step(text: string): void;
  /** `done` of `total` bytes of the current step. */
  bytes(done: number, total: number): void;
  /** Something the user should know that does not stop the work: one sentence. */
  warn(sentence: string): void;
  /** The work is over; leaves the terminal on a fresh line. */
  end(): void;
}

/** Tells nobody. */
export const silent: Progress = {
  step() {},
  bytes() {},
  warn() {},
  end() {},
};

/** The part of a terminal or log file that progress needs. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
const LOG_EVERY_MS = 5_000;

/** One line that is drawn over on a terminal; a line per step, and few of them, in a log. */
export function progressTo(output: Output, nowMs: () => number = Date.now): Progress {
  return output.isTTY === true ? onTerminal(output, nowMs) : inLog(output, nowMs);
}

function onTerminal(output: Output, nowMs: () => number): Progress {
  let text = "";
  let drawnMs = 0;
  const draw = (line: string): void => {
    output.write(`\r\x1b[K${line.slice(0, (output.columns || 80) - 1)}`);
    drawnMs = nowMs();
  };
  return {
    step(next) {
      text = next;
      draw(text);
    },
    bytes(done, total) {
      if (done >= total || nowMs() - drawnMs >= REDRAW_MS) {
        draw(`${text} ${share(done, total)}`);
      }
    },
    warn(sentence) {
      output.write(`\r\x1b[Kwarning: ${sentence}\n`);
    },
    end() {
      output.write("\r\x1b[K");
    },
  };
}

function inLog(output: Output, nowMs: () => number): Progress {
  let text = "";
  let writtenMs = 0;
  return {
    step(next) {
      text = next;
      writtenMs = nowMs();
      output.write(`${text}\n`);
    },
    bytes(done, total) {
      if (nowMs() - writtenMs >= LOG_EVERY_MS) {
        writtenMs = nowMs();
        output.write(`${text} ${share(done, total)}\n`);
      }
    },
    warn(sentence) {
      output.write(`warning: ${sentence}\n`);
    },
    end() {},
  };
}

function share(done: number, total: number): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
  const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
  return `${megabytes(done)} of ${megabytes(total)} MB (${percent} %)`;
}
