import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { StorageError, strerror } from "../../storage/errors.ts";
import { type Arguments, Refusal, lengthOf, numberOf, patternOf } from "./arguments.ts";
import { dump, report } from "./report.ts";
import type { Session } from "./session.ts";

const DEFAULT_PATTERN = 0xcd;

/** Runs a request; a failure is said and is the command's. @returns the command's success */
async function attempt(
  session: Session,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    session.tools.out(`${name} failed: ${strerror(error.errno)}\n`);
    return false;
  }
}

/** Requests outside of the disk are I/O errors here, whatever the node says. */
function demandInside({ node }: OpenImage, offset: number, length: number): void {
  if (offset + length > node.sizeBytes) throw new StorageError("EIO");
}

export async function readCommand(
  session: Session,
  name: string,
  args: Arguments,
): Promise<boolean> {
  const { tools } = session;
  const image = session.image as OpenImage;
  const pattern = patternOf(args.value("P"));
  const [start, ...lengths] = args.words as [string, ...string[]];
  const offset = numberOf(start);
  const length = lengths.reduce((sum, text) => sum + lengthOf(text), 0);
  const from = numberOf(args.value("s") ?? "0");
  const most = args.value("l");
  const count = most === undefined ? length - from : numberOf(most);
  if (pattern === undefined && (args.has("s") || args.has("l")))
    throw new Refusal(`${USAGES.read}\n`);
  if (count < 0 || count + from > length)
    throw new Refusal("pattern verification range exceeds end of read data\n");
  const bytes = new Uint8Array(length);
  const startedMs = tools.nowMs();
  let matches = true;
  const done = await attempt(session, name, async () => {
    if (args.has("b")) await vmState(image).readVmState(offset, [bytes]);
    else {
      demandInside(image, offset, length);
      await image.node.read(offset, [bytes]);
    }
  });
  if (!done) return false;
  if (pattern !== undefined) {
    matches = isFilledWith(bytes.subarray(from, from + count), pattern);
    if (!matches)
      tools.out(`Pattern verification failed at offset ${offset + from}, ${count} bytes\n`);
  }
  if (args.has("q")) return matches;
  if (args.has("v")) dump(tools, bytes, offset);
  report(tools, { verb: "read", offset, length, startedMs, machine: args.has("C") });
  return matches;
}

/** Whole images are compared: by words where the buffer allows it. */
function isFilledWith(bytes: Uint8Array, pattern: number): boolean {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset & ~3, bytes.length >> 2);
  const isAligned = (bytes.byteOffset & 3) === 0;
  const whole = isAligned ? words.length : 0;
  const word = Math.imul(pattern, 0x0101_0101);
  for (let i = 0; i < whole; i++) if (words[i] !== word) return false;
  for (let i = whole * 4; i < bytes.length; i++) if (bytes[i] !== pattern) return false;
  return true;
}

function vmState({ node }: OpenImage): Qcow2Node {
  if (node instanceof Qcow2Node) return node;
  throw new StorageError("ENOTSUP");
}

export const USAGES = {
  read: "read [-abCqv] [-P pattern [-s off] [-l len]] off len -- reads a number of bytes at a specified offset",
} as const;

export async function writeCommand(
  session: Session,
  name: string,
  args: Arguments,
): Promise<boolean> {
  const { tools } = session;
  const image = session.image as OpenImage;
  demandFitting(args);
  const pattern = patternOf(args.value("P")) ?? DEFAULT_PATTERN;
  const [start, ...lengths] = args.words as [string, ...string[]];
  const offset = numberOf(start);
  const read = args.has("z") ? numberOf : lengthOf;
  const length = lengths.reduce((sum, text) => sum + read(text), 0);
  const bytes = args.has("z") ? new Uint8Array(0) : new Uint8Array(length).fill(pattern);
  const source = args.value("s");
  if (source !== undefined && name === "write") await fillFrom(session, source, bytes);
  const startedMs = tools.nowMs();
  const done = await attempt(session, name, async () => {
    await put(image, args, offset, length, bytes);
    if (args.has("f") || session.writeThrough) await image.node.flush();
  });
  if (done && !args.has("q"))
    report(tools, { verb: "wrote", offset, length, startedMs, machine: args.has("C") });
  return done;
}

async function put(
  image: OpenImage,
  args: Arguments,
  offset: number,
  length: number,
  bytes: Uint8Array,
): Promise<void> {
  if (args.has("b")) {
    await vmState(image).writeVmState(offset, [bytes]);
    return;
  }
  demandInside(image, offset, length);
  if (args.has("z"))
    await image.node.writeZeroes(offset, length, {
      mayUnmap: args.has("u"),
      noFallback: args.has("n"),
    });
  else if (args.has("c")) await vmState(image).writeCompressed(offset, [bytes]);
  else await image.node.write(offset, [bytes]);
}

function demandFitting(args: Arguments): void {
  if (args.has("b") && (args.has("c") || args.has("z")))
    throw new Refusal("-b and -c or -z cannot be specified at the same time\n");
  if (args.has("n") && !args.has("z")) throw new Refusal("-n requires -z to be specified\n");
  if (args.has("f") && args.has("b"))
    throw new Refusal("-f and -b or -c cannot be specified at the same time\n");
  if (args.has("u") && !args.has("z")) throw new Refusal("-u requires -z to be specified\n");
  const sources = ["z", "P", "s"].filter((letter) => args.has(letter));
  if (sources.length > 1)
    throw new Refusal("Only one of -z, -P, and -s can be specified at the same time\n");
}

/** Fills a buffer with a file's bytes, again and again. */
async function fillFrom({ tools }: Session, path: string, bytes: Uint8Array): Promise<void> {
  const file = await tools.files.open(path, { write: false });
  const unit = new Uint8Array(Math.min(file.sizeBytes, bytes.length));
  await file.read(0, unit);
  await file.close();
  if (unit.length === 0) throw new Refusal(`${path}: file empty\n`);
  for (let at = 0; at < bytes.length; at += unit.length)
    bytes.set(unit.subarray(0, bytes.length - at), at);
}

export async function discardCommand(session: Session, args: Arguments): Promise<boolean> {
  const { tools } = session;
  const image = session.image as OpenImage;
  const [start, text] = args.words as [string, string];
  const offset = numberOf(start);
  const length = numberOf(text);
  const startedMs = tools.nowMs();
  const done = await attempt(session, "discard", async () => {
    demandInside(image, offset, length);
    await image.node.discard(offset, length);
  });
  if (done && !args.has("q"))
    report(tools, { verb: "discard", offset, length, startedMs, machine: args.has("C") });
  return done;
}
