import { luksHeaderBytes } from "../../storage/crypto/luks-create.ts";
import type { Keys } from "../../storage/crypto/secrets.ts";
import { findDriver } from "../../storage/formats/drivers.ts";
import { type EncryptionWish, encryptionChoice } from "../../storage/graph/encryption-options.ts";
import { measureQcow2 } from "../../storage/formats/qcow2/measure.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { measureBitmaps } from "../../storage/formats/qcow2/bitmaps.ts";
import { findSnapshot } from "../../storage/formats/qcow2/snapshots.ts";
import { snapshotView } from "../../storage/formats/qcow2/snapshot-view.ts";
import { chainExtent } from "../../storage/graph/chain-status.ts";
import { judgeQcow2 } from "../../storage/graph/creator.ts";
import { createOptions } from "../../storage/graph/create-options.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { run } from "../../storage/task.ts";
import { prettyJson } from "../../storage/json.ts";
import { asksForHelp, demandCreatable, typedOptions } from "../image/typed-options.ts";
import { CommandError } from "../image/tools.ts";
import { imageSize, printCreateHelp } from "./create.ts";
import {
  type Subcommand,
  has,
  lastOf,
  openImage,
  optionTexts,
  orFail,
  outputFormat,
  scan,
} from "./common.ts";

const LONG = {
  help: "h",
  "image-opts": "image-opts",
  "object:": "object",
  "output:": "output",
  "size:": "size",
  "force-share": "U",
};

export async function measureCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hf:l:o:O:U", long: LONG });
  const format = lastOf(scanned, "O") ?? "raw";
  const texts = optionTexts(scanned);
  if (texts.length > 0 && asksForHelp(texts)) {
    printCreateHelp(command.tools, format, false);
    return 0;
  }
  const output = outputFormat(scanned);
  const [name, extra] = scanned.words;
  if (extra !== undefined) throw new CommandError("At most one filename argument is allowed.");
  const sizeText = lastOf(scanned, "size");
  const fileOnly = ["f", "l", "image-opts", "object"].some((option) => has(scanned, option));
  if (name === undefined && fileOnly && !has(scanned, "object"))
    throw new CommandError("--image-opts, -f, and -l can only be used with a filename argument.");
  if (name === undefined && sizeText === undefined)
    throw new CommandError("Either --size N or one filename must be specified.");
  if (name !== undefined && sizeText !== undefined)
    throw new CommandError("--size N cannot be used together with a filename.");
  const size = sizeText === undefined ? undefined : imageSize(sizeText);
  demandCreatable(format);
  const options = typedOptions(texts, createOptions(format));
  const source =
    name === undefined
      ? undefined
      : await openImage(command, name, {
          driver: lastOf(scanned, "f"),
          write: false,
          share: has(scanned, "U"),
          imageOpts: has(scanned, "image-opts"),
        });
  try {
    const snapshot = lastOf(scanned, "l");
    if (snapshot !== undefined && source !== undefined) await useSnapshot(source, snapshot);
    const total =
      size ?? (options.get("size") as number | undefined) ?? source?.node.sizeBytes ?? 0;
    const result = await orFail(() => measure(format, total, options, source, command.keys));
    print(command, result, output);
  } finally {
    await source?.node.close();
  }
  return 0;
}

interface Measured {
  readonly required: number;
  readonly full: number;
  readonly bitmaps: number | undefined;
}

async function useSnapshot(source: OpenImage, name: string): Promise<void> {
  const wanted = name.replace(/^snapshot\.(?:id|name)=/, "");
  await orFail(async () => {
    if (!(source.node instanceof Qcow2Node)) throw new CommandError("Failed to load snapshot");
    const found = findSnapshot(source.node.image.snapshots, wanted);
    if (found === undefined) throw new CommandError("Failed to load snapshot: Can't find snapshot");
    await run(snapshotView(source.node.image, found));
  });
}

async function measure(
  format: string,
  sizeBytes: number,
  options: ReturnType<typeof typedOptions>,
  source: OpenImage | undefined,
  keys: Keys,
): Promise<Measured> {
  if (format === "raw") {
    const size = Math.ceil(sizeBytes / 512) * 512;
    return { required: size, full: size, bitmaps: undefined };
  }
  if (format !== "qcow2") {
    const measureOther = findDriver(format)?.create?.measure;
    if (measureOther === undefined)
      throw new CommandError(`Block driver '${format}' does not support size measurement`);
    return { ...measureOther({ sizeBytes, options, keys }), bitmaps: undefined };
  }
  const judged = judgeQcow2({ sizeBytes, options });
  const encryptionBytes = encryptionSize(judged.encryption, keys);
  const data = source === undefined ? 0 : await dataBytes(source, judged.clusterSize);
  const measured = measureQcow2({ ...judged, encryptionBytes }, data, source !== undefined);
  return { ...measured, bitmaps: await bitmapBytes(source, judged) };
}

/** Only LUKS takes space; its password is asked for all the same. */
function encryptionSize(wish: EncryptionWish | undefined, keys: Keys): number {
  if (wish?.method !== "luks") return 0;
  encryptionChoice(wish, keys);
  return luksHeaderBytes(wish.choice);
}

async function bitmapBytes(
  source: OpenImage | undefined,
  { version, clusterSize }: { readonly version: number; readonly clusterSize: number },
): Promise<number | undefined> {
  if (!(source?.node instanceof Qcow2Node) || version < 3 || !source.node.image.isV3)
    return undefined;
  return run(measureBitmaps(source.node.image, clusterSize));
}

/** Bytes of the clusters that hold data. */
async function dataBytes(source: OpenImage, clusterSize: number): Promise<number> {
  const size = source.node.sizeBytes;
  let sum = 0;
  let counted = 0;
  for (let at = 0; at < size;) {
    const extent = await chainExtent(source, at, size - at);
    const end = at + extent.length;
    if (!extent.zero && extent.present) {
      const from = Math.max(counted, at - (at % clusterSize));
      const to = Math.ceil(end / clusterSize) * clusterSize;
      sum += Math.max(0, to - from);
      counted = Math.max(counted, to);
    }
    at = end;
  }
  return sum;
}

function print({ tools }: Subcommand, measured: Measured, output: "human" | "json"): void {
  const { required, full, bitmaps } = measured;
  if (output === "json") {
    tools.out(`${prettyJson({ required, "fully-allocated": full, bitmaps })}\n`);
    return;
  }
  tools.out(`required size: ${required}\nfully allocated size: ${full}\n`);
  if (bitmaps !== undefined) tools.out(`bitmaps size: ${bitmaps}\n`);
}
