import { type ChainExtent, chainExtent } from "../../storage/graph/chain-status.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { CommandError } from "../image/tools.ts";
import {
  type Subcommand,
  has,
  lastOf,
  onlyWord,
  openImage,
  orFail,
  outputFormat,
  scan,
  withImage,
} from "./common.ts";
import { imageSize } from "./create.ts";

const LONG = {
  help: "h",
  "format:": "f",
  "output:": "output",
  "object:": "object",
  "image-opts": "image-opts",
  "force-share": "U",
  "start-offset:": "s",
  "max-length:": "l",
};

export async function mapCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "f:s:l:hU", long: LONG });
  const format = outputFormat(scanned);
  const name = onlyWord(scanned);
  const start = lastOf(scanned, "s");
  const most = lastOf(scanned, "l");
  const from = start === undefined ? 0 : imageSize(start, "start offset");
  const image = await openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: false,
    share: has(scanned, "U"),
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async () => {
    const size = image.node.sizeBytes;
    const to = most === undefined ? size : Math.min(size, from + imageSize(most, "max length"));
    const print = format === "json" ? jsonPrinter(command) : humanPrinter(command);
    const work = async (): Promise<void> => {
      for (let pending: ChainExtent | undefined, at = from; ;) {
        const next = at < to ? await chainExtent(image, at, to - at) : undefined;
        if (next !== undefined) at += next.length;
        if (pending !== undefined && next !== undefined && joins(pending, next)) {
          pending = { ...pending, length: pending.length + next.length };
          continue;
        }
        if (pending !== undefined) print(pending);
        else if (next === undefined && format === "json") print(nothing(image));
        pending = next;
        if (next === undefined) break;
      }
      if (format === "json") command.tools.out("]\n");
    };
    await orFail(work, "Failed to read image metadata: ");
    return 0;
  });
}

/** What is said of a range without any bytes. */
function nothing(image: OpenImage): ChainExtent {
  const none = { start: 0, length: 0, depth: 0, present: false, zero: false, data: false };
  return { ...none, image, offset: undefined, file: image.filename };
}

function joins(a: ChainExtent, b: ChainExtent): boolean {
  if (a.zero !== b.zero || a.data !== b.data || a.present !== b.present || a.depth !== b.depth)
    return false;
  if (a.image !== b.image) return false;
  if ((a.offset === undefined) !== (b.offset === undefined)) return false;
  return a.offset === undefined || a.offset + a.length === b.offset;
}

function humanPrinter({ tools }: Subcommand): (extent: ChainExtent) => void {
  tools.out("Offset          Length          Mapped to       File\n");
  const cell = (value: number): string =>
    (value === 0 ? "0" : `0x${value.toString(16)}`).padEnd(16);
  return ({ data, zero, offset, start, length, file }) => {
    if (data && offset === undefined) {
      throw new CommandError("File contains external, encrypted or compressed clusters.");
    }
    if (data && !zero) tools.out(`${cell(start)}${cell(length)}${cell(offset as number)}${file}\n`);
  };
}

function jsonPrinter({ tools }: Subcommand): (extent: ChainExtent) => void {
  let separator = "[";
  tools.out(separator);
  separator = "";
  return ({ start, length, depth, present, zero, data, offset }) => {
    const place = offset === undefined ? "" : `, "offset": ${offset}`;
    tools.out(
      `${separator}{ "start": ${start}, "length": ${length}, "depth": ${depth}, ` +
        `"present": ${present}, "zero": ${zero}, "data": ${data}${place}}`,
    );
    separator = ",\n";
  };
}
