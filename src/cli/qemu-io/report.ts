import { longSizeText } from "../image/sizes.ts";
import type { ImageTools } from "../image/tools.ts";

interface Done {
  readonly verb: "read" | "wrote" | "discard";
  readonly offset: number;
  readonly length: number;
  readonly startedMs: number;
  readonly machine: boolean;
}

const two = (value: number): string => String(value).padStart(2, "0");

function timeText(ms: number, machine: boolean): string {
  const seconds = Math.floor(ms / 1000);
  const hundredths = Math.floor((ms % 1000) / 10);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (machine || h > 0 || m > 0) return `${h}:${two(m)}:${two(s)}.${two(hundredths)}`;
  return `${two(s)}.${two(hundredths)} sec`;
}

/** What a request did and how fast it was. */
export function report(tools: ImageTools, done: Done): void {
  const { verb, offset, length, startedMs, machine } = done;
  const ms = Math.max(tools.nowMs() - startedMs, 0.001);
  const rate = (length * 1000) / ms;
  const ops = 1000 / ms;
  if (machine) {
    tools.out("bytes,ops,time (in seconds),bytes/sec,ops/sec\n");
    tools.out(`${length},1,${timeText(ms, true)},${rate.toFixed(3)},${ops.toFixed(3)}\n`);
    return;
  }
  tools.out(`${verb} ${length}/${length} bytes at offset ${offset}\n`);
  const speed = longSizeText(Number(rate.toFixed(3)));
  tools.out(
    `${longSizeText(length)}, 1 ops; ${timeText(ms, false)} (${speed}/sec and ${ops.toFixed(4)} ops/sec)\n`,
  );
}

/** A hexadecimal dump of what was read (`-v`). */
export function dump(tools: ImageTools, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => `${byte.toString(16).padStart(2, "0")} `).join("");
    const text = row.map((byte) => {
      const char = String.fromCharCode(byte);
      return /[a-zA-Z0-9]/.test(char) ? char : ".";
    });
    tools.out(`${(offset + at).toString(16).padStart(8, "0")}:  ${hex} ${text.join("")}\n`);
  }
}
