import { asciiBytes, utf8Bytes, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { run } from "../../task.ts";
import type { FormatCreation } from "../driver.ts";
import { drawContentId } from "./descriptor.ts";
import { DEFLATE, Field, Flag, MAGIC } from "./headers.ts";
import { VmdkNode } from "./vmdk-node.ts";

const SPLIT_BYTES = 0x8000_0000;
const GRAIN_SECTORS = 128;
const TABLE_ENTRIES = 512;
const TABLE_SECTORS = (TABLE_ENTRIES * 4) / 512;
const DESCRIPTOR_SECTORS = 20;

const ADAPTERS = ["ide", "buslogic", "lsilogic", "legacyESX"];
const SUBFORMATS = [
  "monolithicSparse",
  "monolithicFlat",
  "twoGbMaxExtentSparse",
  "twoGbMaxExtentFlat",
  "streamOptimized",
];

interface Plan {
  readonly sizeBytes: number;
  readonly subformat: string;
  readonly adapter: string;
  readonly hardware: string;
  readonly tools: string;
  readonly isFlat: boolean;
  readonly isSplit: boolean;
  readonly isStream: boolean;
  readonly zeroGrains: boolean;
  readonly backingFile: string | undefined;
}

/** @throws StorageError with QEMU's words */
export async function createVmdk(creation: FormatCreation): Promise<void> {
  const plan = planOf(creation);
  const lines: string[] = [];
  const isOneFile = !plan.isSplit && !plan.isFlat;
  const file = await creation.createFile(creation.filename);
  try {
    if (isOneFile) {
      await writeExtent(file, plan.sizeBytes, plan);
      lines.push(extentLine(plan, plan.sizeBytes, creation.filename));
    }
    const parentId = await parentIdOf(plan, creation);
    if (!isOneFile) lines.push(...(await createExtents(plan, creation)));
    await file.write(isOneFile ? 512 : 0, [descriptor(plan, creation, parentId, lines)]);
  } finally {
    await file.close();
  }
}

function planOf({ options, sizeBytes }: FormatCreation): Plan {
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    return value === undefined ? undefined : String(value);
  };
  const fail = (message: string): StorageError => new StorageError("EINVAL", message);
  const backingFormat = text("backing_fmt");
  if (backingFormat !== undefined && backingFormat !== "vmdk")
    throw fail("backing_file must be a vmdk image");
  const subformat = text("subformat") ?? "monolithicSparse";
  const adapter = text("adapter_type") ?? "ide";
  for (const [value, known] of [
    [adapter, ADAPTERS],
    [subformat, SUBFORMATS],
  ] as const)
    if (!known.includes(value)) throw fail(`invalid parameter value: ${value}`);
  const hardware = text("hwversion") ?? "undefined";
  const isCompat6 = options.get("compat6") === true;
  if (isCompat6 && hardware !== "undefined")
    throw fail("compat6 cannot be enabled with hwversion set");
  const isFlat = subformat.endsWith("Flat");
  const backingFile = text("backing_file") || undefined;
  const zeroGrains = options.get("zeroed_grain") === true;
  if (isFlat && backingFile !== undefined)
    throw new StorageError("ENOTSUP", "Flat image can't have backing file");
  if (isFlat && zeroGrains)
    throw new StorageError("ENOTSUP", "Flat image can't enable zeroed grain");
  return {
    sizeBytes: Math.ceil(sizeBytes / 512) * 512,
    subformat,
    adapter,
    hardware: isCompat6 ? "6" : hardware === "undefined" ? "4" : hardware,
    tools: text("toolsversion") ?? "2147483647",
    isFlat,
    isSplit: subformat.startsWith("twoGb"),
    isStream: subformat === "streamOptimized",
    zeroGrains,
    backingFile,
  };
}

const NO_PARENT = 0xffff_ffff;

async function parentIdOf({ backingFile }: Plan, creation: FormatCreation): Promise<number> {
  if (backingFile === undefined) return NO_PARENT;
  const parent = await creation.openImage(backingFile);
  try {
    if (!(parent instanceof VmdkNode)) {
      throw new StorageError(
        "EINVAL",
        `Invalid backing file format: ${parent.driver}. Must be vmdk`,
      );
    }
    return await run(parent.readContentId());
  } finally {
    await parent.close();
  }
}

/** `disk.vmdk` has `disk-flat.vmdk`, or `disk-s001.vmdk` and so on, beside it. */
async function createExtents(plan: Plan, creation: FormatCreation): Promise<string[]> {
  const lines: string[] = [];
  const most = plan.isSplit ? SPLIT_BYTES : plan.sizeBytes;
  for (let at = 0, index = 1; at < plan.sizeBytes; at += most, index++) {
    const size = Math.min(most, plan.sizeBytes - at);
    const number = String(index).padStart(3, "0");
    const word = plan.isSplit ? `${plan.isFlat ? "f" : "s"}${number}` : "flat";
    const name = nameBeside(creation.filename, word);
    const file = await creation.createFile(name);
    try {
      if (plan.isFlat) await file.truncate(size);
      else await writeExtent(file, size, plan);
    } finally {
      await file.close();
    }
    lines.push(extentLine(plan, size, name));
  }
  return lines;
}

function nameBeside(filename: string, word: string): string {
  const start = filename.lastIndexOf("/") + 1;
  const dot = filename.lastIndexOf(".");
  const end = dot < start ? filename.length : dot;
  return `${filename.slice(0, end)}-${word}${filename.slice(end)}`;
}

function extentLine({ isFlat }: Plan, sizeBytes: number, filename: string): string {
  const name = filename.slice(filename.lastIndexOf("/") + 1);
  const sectors = Math.ceil(sizeBytes / 512);
  return isFlat ? `RW ${sectors} FLAT "${name}" 0\n` : `RW ${sectors} SPARSE "${name}"\n`;
}

/** The header and two copies of the directory, each with its tables; grains come after them. */
async function writeExtent(file: BlockNode, sizeBytes: number, plan: Plan): Promise<void> {
  const sectors = sizeBytes / 512;
  const tables = Math.ceil(Math.ceil(sectors / GRAIN_SECTORS) / TABLE_ENTRIES);
  const directorySectors = Math.ceil((tables * 4) / 512);
  const copy = 1 + DESCRIPTOR_SECTORS;
  const directory = copy + directorySectors + tables * TABLE_SECTORS;
  const end = directory + directorySectors + tables * TABLE_SECTORS;
  const grains = Math.ceil(end / GRAIN_SECTORS) * GRAIN_SECTORS;
  await file.write(0, [headerBytes(plan, { sectors, copy, directory, grains })]);
  await file.truncate(grains * 512);
  for (const at of [copy, directory]) {
    const bytes = new Uint8Array(directorySectors * 512);
    const view = viewOf(bytes);
    for (let i = 0; i < tables; i++)
      view.setUint32(i * 4, at + directorySectors + i * TABLE_SECTORS, true);
    await file.write(at * 512, [bytes]);
  }
}

function headerBytes(
  { isStream, zeroGrains }: Plan,
  place: { sectors: number; copy: number; directory: number; grains: number },
): Uint8Array {
  const bytes = new Uint8Array(79);
  const view = viewOf(bytes);
  const long = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true);
  bytes.set(asciiBytes(MAGIC));
  view.setUint32(Field.version, isStream ? 3 : zeroGrains ? 2 : 1, true);
  const stream = isStream ? Flag.compressed | Flag.markers : 0;
  const zero = zeroGrains ? Flag.zeroGrain : 0;
  view.setUint32(Field.flags, Flag.redundantTable | Flag.newlineTest | stream | zero, true);
  long(Field.capacity, place.sectors);
  long(Field.grainSectors, GRAIN_SECTORS);
  long(Field.descriptor, 1);
  long(Field.descriptorSectors, DESCRIPTOR_SECTORS);
  view.setUint32(Field.tableEntries, TABLE_ENTRIES, true);
  long(Field.directoryCopy, place.copy);
  long(Field.directory, place.directory);
  long(Field.grains, place.grains);
  bytes.set(asciiBytes("\n \r\n"), Field.newlines);
  view.setUint16(Field.compression, isStream ? DEFLATE : 0, true);
  return bytes;
}

function descriptor(
  plan: Plan,
  { entropy }: FormatCreation,
  parentId: number,
  lines: readonly string[],
): Uint8Array {
  const heads = plan.adapter === "ide" ? 16 : 255;
  const parent = plan.backingFile === undefined ? "" : `parentFileNameHint="${plan.backingFile}"`;
  return utf8Bytes(
    "# Disk DescriptorFile\nversion=1\n" +
      `CID=${drawContentId(entropy).toString(16)}\nparentCID=${parentId.toString(16)}\n` +
      `createType="${plan.subformat}"\n${parent}\n` +
      `# Extent description\n${lines.join("")}\n# The Disk Data Base\n#DDB\n\n` +
      `ddb.virtualHWVersion = "${plan.hardware}"\n` +
      `ddb.geometry.cylinders = "${Math.floor(plan.sizeBytes / (63 * heads * 512))}"\n` +
      `ddb.geometry.heads = "${heads}"\nddb.geometry.sectors = "63"\n` +
      `ddb.adapterType = "${plan.adapter}"\nddb.toolsVersion = "${plan.tools}"\n`,
  );
}
