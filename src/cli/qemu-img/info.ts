import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import type { Snapshot } from "../../storage/formats/qcow2/snapshot-table.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { formatInfo, formatSpecific, specificText } from "../image/format-specific.ts";
import { type JsonObject, prettyJson } from "../../storage/json.ts";
import { CommandError } from "../image/tools.ts";
import { sizeText } from "../image/sizes.ts";
import { snapshotTable } from "../image/snapshot-table.ts";
import {
  type Subcommand,
  has,
  lastOf,
  onlyWord,
  openImage,
  outputFormat,
  scan,
  withImage,
} from "./common.ts";

const LONG = {
  help: "h",
  "format:": "f",
  "output:": "output",
  "backing-chain": "backing-chain",
  "object:": "object",
  "image-opts": "image-opts",
  "force-share": "U",
};

export async function infoCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hf:U", long: LONG });
  const format = outputFormat(scanned);
  const name = onlyWord(scanned);
  const isChain = has(scanned, "backing-chain");
  const imageOpts = has(scanned, "image-opts");
  const request = { write: false, share: has(scanned, "U"), noBacking: true, lookOnly: true };
  const infos: JsonObject[] = [];
  const texts: string[] = [];
  // Each image is opened on its own: a chain is shown as far as it goes.
  const show = async (filename: string, driver: string | undefined): Promise<Backing> => {
    const options = { ...request, driver, imageOpts: imageOpts && infos.length === 0 };
    return withImage(await openImage(command, filename, options), async (image) => {
      infos.push(await describe(image));
      texts.push(await imageText(image));
      return backingOf(image);
    });
  };
  const seen = new Set([name]);
  let backing = await show(name, lastOf(scanned, "f"));
  for (;;) {
    if (!isChain || backing.full === undefined) break;
    if (seen.has(backing.full))
      throw new CommandError(`Backing file '${backing.full}' creates an infinite loop.`);
    seen.add(backing.full);
    backing = await show(backing.full, backing.format);
  }
  const { out } = command.tools;
  if (format === "json") out(`${prettyJson(isChain ? infos : (infos[0] as JsonObject))}\n`);
  else out(texts.join("\n"));
  return 0;
}

interface Backing {
  readonly name: string | undefined;
  readonly full: string | undefined;
  readonly format: string | undefined;
}

function backingOf(image: OpenImage): Backing {
  const { backingFile: name, backingFormat: format } = formatInfo(image);
  const full = name === undefined ? undefined : resolveBacking(image.filename, name);
  return { name, full, format };
}

async function describe(image: OpenImage): Promise<JsonObject> {
  const { node, driver, filename } = image;
  const specific = await formatSpecific(image);
  const qcow2 = node instanceof Qcow2Node ? node.image : undefined;
  const backing = backingOf(image);
  const info = formatInfo(image);
  const snapshots = qcow2?.snapshots ?? [];
  return {
    filename,
    format: driver,
    "virtual-size": node.sizeBytes,
    "actual-size": image.allocatedBytes,
    encrypted: info.isEncrypted === true ? true : undefined,
    compressed: info.isCompressed,
    "cluster-size": info.clusterSize || undefined,
    "dirty-flag": info.isDirty ?? false,
    "backing-filename": backing.name,
    "full-backing-filename": backing.full,
    "backing-filename-format": backing.format,
    snapshots: snapshots.length === 0 ? undefined : snapshots.map(snapshotJson),
    "format-specific": specific === undefined ? undefined : { type: driver, data: specific },
  };
}

function snapshotJson(snapshot: Snapshot): JsonObject {
  return {
    id: snapshot.id,
    name: snapshot.name,
    "vm-state-size": snapshot.vmStateBytes,
    "date-sec": snapshot.dateSeconds,
    "date-nsec": snapshot.dateNanoseconds,
    "vm-clock-sec": snapshot.vmClockNs / 1_000_000_000n,
    "vm-clock-nsec": snapshot.vmClockNs % 1_000_000_000n,
    icount: snapshot.icount === -1n ? undefined : snapshot.icount,
  };
}

async function imageText(image: OpenImage): Promise<string> {
  const { node, driver, filename } = image;
  const qcow2 = node instanceof Qcow2Node ? node.image : undefined;
  const size = node.sizeBytes;
  const disk = image.allocatedBytes === undefined ? "unavailable" : sizeText(image.allocatedBytes);
  let text = `image: ${filename}\nfile format: ${driver}\n`;
  text += `virtual size: ${sizeText(size)} (${size} bytes)\ndisk size: ${disk}\n`;
  const { clusterSize, isDirty, isEncrypted } = formatInfo(image);
  if (isEncrypted === true) text += "encrypted: yes\n";
  if (clusterSize) text += `cluster_size: ${clusterSize}\n`;
  if (isDirty === true) text += "cleanly shut down: no\n";
  const backing = backingOf(image);
  if (backing.name !== undefined) {
    text += `backing file: ${backing.name}`;
    if (backing.full !== backing.name) text += ` (actual path: ${backing.full})`;
    text += "\n";
    if (backing.format !== undefined) text += `backing file format: ${backing.format}\n`;
  }
  if (qcow2 !== undefined && qcow2.snapshots.length > 0) text += snapshotTable(qcow2.snapshots);
  const specific = await formatSpecific(image);
  if (specific !== undefined) text += `Format specific information:\n${specificText(specific)}`;
  return text;
}
