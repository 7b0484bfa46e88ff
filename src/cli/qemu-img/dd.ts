import { createImage } from "../../storage/graph/creator.ts";
import { strerror, StorageError } from "../../storage/errors.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { demandCreatable } from "../image/typed-options.ts";
import { CommandError } from "../image/tools.ts";
import { type Subcommand, has, lastOf, openImage, orFail, scan, withImage } from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts", "force-share": "U" };

interface Operands {
  blockBytes: number;
  count: number | undefined;
  skip: number;
  input: string | undefined;
  output: string | undefined;
}

export async function ddCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hnf:O:U", long: LONG });
  const operands = operandsOf(scanned.words);
  const format = lastOf(scanned, "O") ?? "raw";
  const { input, output } = operands;
  if (input === undefined || output === undefined)
    throw new CommandError("Must specify both input and output file names");
  const source = await openImage(command, input, {
    driver: lastOf(scanned, "f"),
    write: false,
    share: has(scanned, "U"),
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(source, async ({ node }) => {
    demandCreatable(format);
    const { blockBytes, count, skip } = operands;
    const end =
      count === undefined ? node.sizeBytes : Math.min(node.sizeBytes, (skip + count) * blockBytes);
    const start = skip * blockBytes;
    const size = Math.max(0, end - start);
    const request = {
      filename: output,
      format,
      sizeBytes: size,
      options: new Map<string, string>(),
      nowMs: command.tools.nowMs(),
      keys: command.keys,
      sockets: command.tools.sockets,
    };
    const report = (message: string): void => command.tools.err(`${message}\n`);
    await orFail(
      () => createImage(command.tools.files, { ...request, report }),
      `${output}: error while creating output image of type ${format}: `,
    );
    const target = await orFail(() =>
      command.opener.open({ filename: output, driver: format, write: true }),
    );
    if (start > node.sizeBytes)
      command.tools.err(`qemu-img: ${input}: cannot skip to specified offset\n`);
    await withImage(target, async () => {
      for (let at = start; at < end; at += blockBytes) {
        const bytes = new Uint8Array(Math.min(blockBytes, end - at));
        await step("reading from input image file", () => node.read(at, [bytes]));
        await step("writing to output image file", () => target.node.write(at - start, [bytes]));
      }
    });
    return 0;
  });
}

async function step(what: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError(`error while ${what}: ${strerror(error.errno)}`);
  }
}

function operandsOf(words: readonly string[]): Operands {
  const out: Operands = {
    blockBytes: 512,
    count: undefined,
    skip: 0,
    input: undefined,
    output: undefined,
  };
  for (const word of words) {
    const equals = word.indexOf("=");
    const [name, value] = [word.slice(0, equals), word.slice(equals + 1)];
    if (equals < 0) throw new CommandError(`unrecognized operand ${word}`);
    if (name === "if") out.input = value;
    else if (name === "of") out.output = value;
    else if (name === "bs") out.blockBytes = number(name, value, 1);
    else if (name === "count") out.count = number(name, value, 0);
    else if (name === "skip") out.skip = number(name, value, 0);
    else throw new CommandError(`unrecognized operand ${word}`);
  }
  return out;
}

function number(name: string, text: string, least: number): number {
  const value = parseSize(text);
  if (value === undefined) {
    throw new CommandError(
      `Invalid ${name} specified. You may use k, M, G, T, P or E suffixes for\n` +
        "qemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.",
    );
  }
  if (value < least || value > (name === "bs" ? 0x7fff_ffff : 2 ** 63)) {
    const most = name === "bs" ? "2147483647" : "9223372036854775807";
    throw new CommandError(`Invalid ${name} specified. Must be between ${least} and ${most}.`);
  }
  return value;
}
