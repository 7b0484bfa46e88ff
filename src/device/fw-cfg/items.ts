/** The entries that firmware can ask for. */
import { asciiBytes, latin1, utf8Bytes, viewOf } from "../../util/bytes.ts";
import { DIRECTORY_ITEM_BYTES, FEATURES, FILE_NAME_BYTES, Key } from "./regs.ts";

/** What the entries say of a machine. */
export interface FwCfgContents {
  readonly ramBytes: number;
  readonly harts: number;
  /** What firmware in flash is to start by itself. */
  readonly kernel?: Uint8Array;
  readonly initrd?: Uint8Array;
  /** The kernel's command line. */
  readonly append?: string;
  /** By name: printable ASCII, 1 to 55 characters. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Entries by their selector values. */
export function fwCfgItems(contents: FwCfgContents): ReadonlyMap<number, Uint8Array> {
  const { ramBytes, harts, kernel, initrd, append } = contents;
  const items = new Map<number, Uint8Array>([
    [Key.signature, asciiBytes("QEMU")],
    [Key.id, little(4, FEATURES)],
    [Key.uuid, new Uint8Array(16)],
    [Key.ramSize, little(8, ramBytes)],
    [Key.noGraphic, little(2, 1)],
    [Key.cpuCount, little(2, harts)],
    [Key.bootDevice, little(2, 0)],
    [Key.bootMenu, little(2, 0)],
    [Key.maxCpus, little(2, harts)],
  ]);
  if (kernel) {
    const line = append ? Uint8Array.from([...utf8Bytes(append), 0]) : new Uint8Array(0);
    items.set(Key.kernelSize, little(4, kernel.length)).set(Key.kernelData, kernel);
    items.set(Key.initrdSize, little(4, initrd?.length ?? 0));
    if (initrd) items.set(Key.initrdData, initrd);
    items.set(Key.commandLineSize, little(4, line.length)).set(Key.commandLineData, line);
  }
  addFiles(items, contents.files);
  return items;
}

/** Files have the selector values behind `firstFile`, in the order of their names. */
function addFiles(items: Map<number, Uint8Array>, files: ReadonlyMap<string, Uint8Array>): void {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const directory = new Uint8Array(4 + DIRECTORY_ITEM_BYTES * sorted.length);
  const view = viewOf(directory);
  view.setUint32(0, sorted.length);
  sorted.forEach(([name, bytes], i) => {
    const at = 4 + DIRECTORY_ITEM_BYTES * i;
    view.setUint32(at, bytes.length);
    view.setUint16(at + 4, Key.firstFile + i);
    directory.set(asciiBytes(name).subarray(0, FILE_NAME_BYTES - 1), at + 8);
    items.set(Key.firstFile + i, bytes);
  });
  items.set(Key.fileDirectory, directory);
}

/** Names of the files in a directory entry. */
export function fileNames(directory: Uint8Array): string[] {
  return Array.from({ length: viewOf(directory).getUint32(0) }, (_, i) => {
    const at = 4 + DIRECTORY_ITEM_BYTES * i + 8;
    return latin1(directory.subarray(at, at + FILE_NAME_BYTES), true);
  });
}

function little(bytes: number, value: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
}
