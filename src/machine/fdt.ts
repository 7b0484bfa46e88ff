/** Flattened device trees, version 17 (Devicetree specification v0.4, chapter 5). */
import type { FdtNode, FdtValue } from "../device/fdt-node.ts";
import { alignUp, asciiBytes, concatBytes, latin1, utf8Bytes, viewOf } from "../util/bytes.ts";

const MAGIC = 0xd00d_feed;
const VERSION = 17;
const LAST_COMPATIBLE_VERSION = 16;
const HEADER_BYTES = 40;
/** One empty reservation entry ends the memory reservation block (§5.3.2). */
const RESERVATIONS_BYTES = 16;
const Token = { beginNode: 1, endNode: 2, prop: 3, nop: 4, end: 9 } as const;

/** The tree below `root` (whose name is empty) as a blob. */
export function writeFdt(root: FdtNode): Uint8Array {
  const strings = new StringsBlock();
  const parts: Uint8Array[] = [];
  writeNode(root, strings, parts);
  parts.push(u32s(Token.end));
  const structure = concatBytes(parts);
  const text = strings.bytes();
  const structureAt = HEADER_BYTES + RESERVATIONS_BYTES;
  const stringsAt = structureAt + structure.length;
  const totalBytes = alignUp(stringsAt + text.length, 8);
  const blob = new Uint8Array(totalBytes);
  const header = u32s(
    MAGIC,
    totalBytes,
    structureAt,
    stringsAt,
    HEADER_BYTES,
    VERSION,
    LAST_COMPATIBLE_VERSION,
    0, // boot_cpuid_phys: any hart may win the boot lottery
    text.length,
    structure.length,
  );
  blob.set(header);
  blob.set(structure, structureAt);
  blob.set(text, stringsAt);
  return blob;
}

/** Property names, each once. */
class StringsBlock {
  readonly #at = new Map<string, number>();
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  offsetOf(name: string): number {
    const known = this.#at.get(name);
    if (known !== undefined) return known;
    const at = this.#length;
    this.#at.set(name, at);
    this.#parts.push(asciiBytes(`${name}\0`));
    this.#length += name.length + 1;
    return at;
  }

  bytes(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

function writeNode(node: FdtNode, strings: StringsBlock, parts: Uint8Array[]): void {
  parts.push(u32s(Token.beginNode), padded(asciiBytes(`${node.name}\0`)));
  for (const [name, value] of Object.entries(node.properties)) {
    const bytes = valueBytes(value);
    parts.push(u32s(Token.prop, bytes.length, strings.offsetOf(name)), padded(bytes));
  }
  for (const child of node.children ?? []) writeNode(child, strings, parts);
  parts.push(u32s(Token.endNode));
}

function valueBytes(value: FdtValue): Uint8Array {
  if (value === true) return new Uint8Array(0);
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return utf8Bytes(`${value}\0`);
  if (isTexts(value)) return utf8Bytes(value.map((text) => `${text}\0`).join(""));
  return u32s(...value);
}

function isTexts(value: readonly string[] | readonly number[]): value is readonly string[] {
  return typeof value[0] === "string";
}

function u32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = viewOf(bytes);
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(alignUp(bytes.length, 4));
  out.set(bytes);
  return out;
}

/** A parsed node: property values stay raw, as a blob does not say their types. */
export interface ParsedNode {
  readonly name: string;
  readonly properties: ReadonlyMap<string, Uint8Array>;
  readonly children: readonly ParsedNode[];
}

/** @throws RangeError or SyntaxError saying where the blob is malformed */
export function parseFdt(blob: Uint8Array): ParsedNode {
  const view = viewOf(blob);
  if (view.getUint32(0) !== MAGIC) throw new SyntaxError("not a device tree blob: wrong magic");
  if (view.getUint32(4) > blob.length) throw new SyntaxError("the device tree blob is cut short");
  const reader = { view, blob, at: view.getUint32(8), strings: view.getUint32(12) };
  if (view.getUint32(reader.at) !== Token.beginNode) throw new SyntaxError("no root node");
  reader.at += 4;
  return parseNode(reader);
}

interface Reader {
  readonly view: DataView;
  readonly blob: Uint8Array;
  readonly strings: number;
  at: number;
}

function parseNode(reader: Reader): ParsedNode {
  const name = latin1(reader.blob.subarray(reader.at), true);
  reader.at = alignUp(reader.at + name.length + 1, 4);
  const properties = new Map<string, Uint8Array>();
  const children: ParsedNode[] = [];
  for (;;) {
    const token = reader.view.getUint32(reader.at);
    reader.at += 4;
    if (token === Token.prop) parseProperty(reader, properties);
    else if (token === Token.beginNode) children.push(parseNode(reader));
    else if (token === Token.endNode) return { name, properties, children };
    else if (token !== Token.nop) throw new SyntaxError(`unknown token ${token} in node ${name}`);
  }
}

function parseProperty(reader: Reader, into: Map<string, Uint8Array>): void {
  const { view, blob, strings } = reader;
  const length = view.getUint32(reader.at);
  const name = latin1(blob.subarray(strings + view.getUint32(reader.at + 4)), true);
  const start = reader.at + 8;
  into.set(name, blob.slice(start, start + length));
  reader.at = alignUp(start + length, 4);
}
