/** The benches about machines as a whole: idleness, frames of the page, time, memory. */
import { type Engine, ENGINES } from "../../src/cli/system/system-options.ts";
import { benchTime, timeTable } from "../time/time.ts";
import { benchFrames, framesTable } from "./frames.ts";
import { benchIdle, idleTable } from "./idle.ts";
import { benchFootprint, benchLives, footprintTable, livesTable } from "./lives.ts";

/** Tables by part; empty for those that were not asked for. */
export interface VmTables {
  readonly idle: string;
  readonly frames: string;
  readonly time: string;
  readonly memory: string;
}

export interface VmOptions {
  /** Of idleness, and of frames for each scene. */
  readonly seconds: number;
  /** Of `time`. */
  readonly minutes: number;
  /** Starts and forced ends of a machine in one process. */
  readonly lives: number;
}

/**
 * Runs those of the benches that `parts` names.
 *
 * @param names of contestants; those that machines can be driven in count
 */
export async function benchVms(
  parts: readonly string[],
  names: readonly string[],
  { seconds, minutes, lives }: VmOptions,
): Promise<VmTables> {
  const engines = ENGINES.filter((engine) => names.includes(engine));
  return {
    idle: await shown(parts, "idle", (tell) => idle(engines, seconds, tell)),
    frames: await shown(parts, "frames", (tell) => frames(seconds, tell)),
    time: await shown(parts, "time", (tell) => time(engines, minutes, tell)),
    memory: await shown(parts, "memory", (tell) => memory(engines, lives, tell)),
  };
}

type Tell = (line: string) => void;

async function shown(
  parts: readonly string[],
  name: string,
  run: (tell: Tell) => Promise<string>,
): Promise<string> {
  if (!parts.includes(name)) return "";
  const text = await run((line) => console.log(line));
  console.log(`\n${text}\n`);
  return text;
}

async function idle(engines: readonly Engine[], seconds: number, tell: Tell): Promise<string> {
  return idleTable(await benchIdle(engines, seconds, tell));
}

async function frames(seconds: number, tell: Tell): Promise<string> {
  return framesTable(await benchFrames(seconds, tell));
}

async function time(engines: readonly Engine[], minutes: number, tell: Tell): Promise<string> {
  return timeTable(await benchTime(engines, minutes, tell));
}

async function memory(engines: readonly Engine[], lives: number, tell: Tell): Promise<string> {
  const footprints = footprintTable(await benchFootprint(engines, tell));
  return `${footprints}\n\n${livesTable(await benchLives(engines, lives, tell))}`;
}
