/** Options that images are made and amended with, by format, as `-o help` lists them. */

import { type OptionRow, SIZE_OPTION as SIZE } from "../formats/driver.ts";
import { ENCRYPTION_ROWS } from "./encryption-options.ts";
import { DRIVERS } from "../formats/drivers.ts";

const QCOW2: readonly OptionRow[] = [
  ...ENCRYPTION_ROWS,
  { name: "cluster_size", type: "size", help: "qcow2 cluster size", preset: "65536" },
  { name: "extended_l2", type: "bool", help: "Extended L2 tables", preset: "off" },
  {
    name: "preallocation",
    type: "str",
    help: "Preallocation mode (allowed values: off, metadata, falloc, full)",
  },
  {
    name: "compression_type",
    type: "str",
    help: "Compression method used for image cluster compression",
    preset: "zlib",
  },
  { ...SIZE, amend: true },
  {
    name: "compat",
    type: "str",
    help: "Compatibility level (v2 [0.10] or v3 [1.1])",
    amend: true,
  },
  { name: "backing_file", type: "str", help: "File name of a base image", amend: true },
  { name: "backing_fmt", type: "str", help: "Image format of the base image", amend: true },
  { name: "data_file", type: "str", help: "File name of an external data file", amend: true },
  {
    name: "data_file_raw",
    type: "bool",
    help: "The external data file must stay valid as a raw image",
    amend: true,
  },
  {
    name: "lazy_refcounts",
    type: "bool",
    help: "Postpone refcount updates",
    preset: "off",
    amend: true,
  },
  {
    name: "refcount_bits",
    type: "num",
    help: "Width of a reference count entry in bits",
    preset: "16",
    amend: true,
  },
];

/** What files take, below any format. */
const FILE: readonly OptionRow[] = [
  SIZE,
  {
    name: "nocow",
    type: "bool",
    help: "Turn off copy-on-write (valid only on btrfs)",
  },
  {
    name: "preallocation",
    type: "str",
    help: "Preallocation mode (allowed values: off, falloc, full)",
  },
  {
    name: "extent_size_hint",
    type: "size",
    help: "Extent size hint for the image file, 0 to disable",
  },
];

const FORMATS: Readonly<Record<string, readonly OptionRow[]>> = {
  qcow2: QCOW2,
  raw: [SIZE],
  ...Object.fromEntries(
    DRIVERS.flatMap(({ name, create }) => (create === undefined ? [] : [[name, create.options]])),
  ),
};

/** Formats that can be made. */
export function canCreate(format: string): boolean {
  return format in FORMATS;
}

function rowsOf(format: string): readonly OptionRow[] {
  return FORMATS[format] ?? [];
}

/** The options of a format alone. */
export function formatOptions(format: string): readonly OptionRow[] {
  return rowsOf(format).filter(({ amend }) => amend !== "only");
}

/** The options of a format and of the file below it. */
export function createOptions(format: string): readonly OptionRow[] {
  const own = formatOptions(format);
  return [...own, ...FILE.filter((row) => own.every(({ name }) => name !== row.name))];
}

export function amendOptions(format: string): readonly OptionRow[] {
  return rowsOf(format).filter(({ amend }) => amend !== undefined);
}
