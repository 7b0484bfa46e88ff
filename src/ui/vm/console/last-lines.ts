/** The end of a console's output as plain text. */

/** ECMA-48 control sequences, OSC strings and two-character escapes. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])/g;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Bytes looked at; far more than a screen. */
const TAIL_BYTES = 16 * 1024;

/** The last `count` lines that say something. */
export function lastLines(output: Uint8Array, count: number): string[] {
  const text = new TextDecoder().decode(output.slice(-TAIL_BYTES));
  return text
    .replace(ESCAPES, "")
    .split("\n")
    .map((line) => line.replace(CONTROLS, "").trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}
