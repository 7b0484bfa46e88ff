import { luksFacts } from "../../storage/formats/luks/luks-facts.ts";
import { type Facts, type FormatInfo, isFormatNode } from "../../storage/formats/driver.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { CryptMethod, Incompatible } from "../../storage/formats/qcow2/format.ts";
import { listBitmaps } from "../../storage/formats/qcow2/bitmaps.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { run } from "../../storage/task.ts";
import { type Json, type JsonObject, membersOf } from "../../storage/json.ts";

/** What `info` shows of an image, whatever its format is. */
export function formatInfo({ node }: OpenImage): FormatInfo {
  if (isFormatNode(node)) return node.describe();
  if (!(node instanceof Qcow2Node)) return {};
  const { header, clusterSize } = node.image;
  return {
    clusterSize,
    isEncrypted: header.cryptMethod !== CryptMethod.none,
    isDirty: (header.incompatible & Incompatible.dirty) !== 0,
    backingFile: header.backingFile,
    backingFormat: header.backingFormat,
  };
}

/** What a format tells of itself beyond what all images have. */
export async function formatSpecific({ node }: OpenImage): Promise<JsonObject | undefined> {
  if (isFormatNode(node)) return node.describe().specific;
  if (!(node instanceof Qcow2Node)) return undefined;
  const { image } = node;
  const { header } = image;
  const encrypt = encryptionFacts(node);
  if (header.version === 2) {
    const bits = image.refcounts.bits;
    return { compat: "0.10", "compression-type": "zlib", "refcount-bits": bits, encrypt };
  }
  const bitmaps = await run(listBitmaps(image));
  const has = (flag: number): boolean => (header.incompatible & flag) !== 0;
  return {
    compat: "1.1",
    "compression-type": header.compression === 1 ? "zstd" : "zlib",
    "lazy-refcounts": image.hasLazyFlag,
    corrupt: has(Incompatible.corrupt),
    "extended-l2": has(Incompatible.extendedL2),
    "refcount-bits": image.refcounts.bits,
    encrypt,
    bitmaps:
      bitmaps.length === 0
        ? undefined
        : bitmaps.map(({ name, granularity, flags }) => ({ name, granularity, flags })),
    "data-file": header.dataFile,
    "data-file-raw": has(Incompatible.dataFile) ? image.hasRawDataFile : undefined,
  };
}

function encryptionFacts({ image }: Qcow2Node): Facts | undefined {
  const { encryption } = image;
  if (encryption === undefined) return undefined;
  const { method, volume } = encryption;
  return { format: method, ...(volume !== undefined && luksFacts(volume)) };
}

/** The same as indented text. */
export function specificText(specific: JsonObject, indent = "    "): string {
  return membersOf(specific)
    .map(([key, value]) => memberText(key.replaceAll("-", " "), value, indent))
    .join("");
}

function memberText(title: string, value: Json, indent: string): string {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, i) =>
      memberText(`[${i}]`, item, `${indent}    `),
    );
    return `${indent}${title}:\n${items.join("")}`;
  }
  if (typeof value === "object")
    return `${indent}${title}:\n${specificText(value as JsonObject, `${indent}    `)}`;
  return `${indent}${title}: ${String(value)}\n`;
}
