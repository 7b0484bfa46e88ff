/** The program that compares a tool of virtinst's on the lines of a file: `main.js PATH-OF-THE-REAL-ONE [WORD]`. */
import { type Comparison, type Line, compareTools, linesOf } from "./compare-tools.ts";

export interface ToolProgram extends Pick<Comparison, "tool" | "prepare"> {
  /** The file of the lines. */
  readonly commands: URL;
  /** A line in a folder that is prepared. */
  lineOf(text: string, folder: string): Line;
}

/** Compares as the arguments say, or tells how it is used. @returns the exit status */
export async function compareProgram(
  [real, word = ""]: readonly string[],
  { tool, commands, prepare, lineOf }: ToolProgram,
): Promise<number> {
  if (real === undefined) {
    process.stderr.write(`usage: main.js PATH-OF-${tool.toUpperCase()} [WORD]\n`);
    return 2;
  }
  return compareTools({
    tool,
    real,
    prepare,
    lines: (folder) => linesOf(commands, word).map((text) => lineOf(text, folder)),
  });
}
