import { StorageError, strerror } from "../../storage/errors.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { CommandError } from "../image/tools.ts";
import type { Scanned } from "../image/getopt.ts";
import { type Subcommand, has, lastOf, onlyWord, openImage, scan, withImage } from "./common.ts";

const LONG = {
  help: "h",
  "flush-interval:": "flush-interval",
  "pattern:": "pattern",
  "no-drain": "no-drain",
  "image-opts": "image-opts",
  "force-share": "U",
};

export async function benchCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hc:d:f:ni:o:qs:S:t:wU", long: LONG });
  const plan = planOf(scanned);
  const name = onlyWord(scanned, "Expecting one image file name");
  const image = await openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: plan.write,
    share: has(scanned, "U"),
    imageOpts: has(scanned, "image-opts"),
  });
  const { out, nowMs } = command.tools;
  return withImage(image, async ({ node }) => {
    if (!has(scanned, "q")) {
      out(
        `Sending ${plan.count} ${plan.write ? "write" : "read"} requests, ${plan.bytes} bytes each, ` +
          `${plan.depth} in parallel (starting at offset ${plan.offset}, step size ${plan.step})\n`,
      );
    }
    const size = node.sizeBytes;
    if (size < plan.bytes) throw new CommandError("Image is too small for the requests");
    const started = nowMs();
    let at = plan.offset;
    const lane = async (first: number): Promise<void> => {
      const buffer = new Uint8Array(plan.bytes).fill(plan.pattern);
      for (let i = first; i < plan.count; i += plan.depth) {
        const offset = at;
        at = (at + plan.step) % Math.max(1, size - plan.bytes);
        await (plan.write ? node.write(offset, [buffer]) : node.read(offset, [buffer]));
        if (plan.flushEvery > 0 && (i + 1) % plan.flushEvery === 0) await node.flush();
      }
    };
    try {
      await Promise.all(
        Array.from({ length: Math.min(plan.depth, plan.count) }, (_, i) => lane(i)),
      );
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      throw new CommandError(`Failed request: ${strerror(error.errno)}`);
    }
    if (!has(scanned, "q"))
      out(`Run completed in ${((nowMs() - started) / 1000).toFixed(3)} seconds.\n`);
    return 0;
  });
}

interface Plan {
  readonly count: number;
  readonly depth: number;
  readonly bytes: number;
  readonly step: number;
  readonly offset: number;
  readonly pattern: number;
  readonly flushEvery: number;
  readonly write: boolean;
}

function planOf(scanned: Scanned): Plan {
  const number = (name: string, preset: number, what: string): number => {
    const text = lastOf(scanned, name);
    if (text === undefined) return preset;
    const value = parseSize(text);
    if (value === undefined || value === Infinity)
      throw new CommandError(`Invalid ${what} specified`);
    return value;
  };
  const bytes = number("s", 4096, "buffer size");
  const plan = {
    count: number("c", 75_000, "request count"),
    depth: Math.max(1, number("d", 64, "queue depth")),
    bytes,
    step: number("S", bytes, "step size") || bytes,
    offset: number("o", 0, "offset"),
    pattern: number("pattern", 0, "pattern byte"),
    flushEvery: number("flush-interval", 0, "flush interval"),
    write: has(scanned, "w"),
  };
  if (plan.flushEvery > 0 && !plan.write)
    throw new CommandError("--flush-interval is only available in write tests");
  if (plan.flushEvery > 0 && plan.flushEvery < plan.depth)
    throw new CommandError("Flush interval can't be smaller than depth");
  return plan;
}
