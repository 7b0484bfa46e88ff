/** The values that libvirt's XML is made of, read with its complaints. */
import { vmError } from "../../protocol/vm-error.ts";
import { type Draft, draftText } from "../xml/draft.ts";

const POWERS = "kmgtpe";

/**
 * A size with its `unit` attribute in bytes (virParseScaledValue): `KiB` where none is given.
 *
 * @throws VmError xmlError, invalidArg, overflow
 */
export function sizeBytes(node: Draft, defaultUnit = "KiB"): bigint {
  const text = draftText(node).trim();
  if (!/^\d+$/.test(text)) {
    throw vmError("xmlError", `Invalid value '${text}' for element or attribute './${node.name}'`);
  }
  return scaled(BigInt(text), node.attributes.get("unit") ?? defaultUnit);
}

/** `value` units in bytes. @throws VmError invalidArg for an unknown unit, overflow past 2^64 */
export function scaled(value: bigint, unit: string): bigint {
  const bytes = value * unitBytes(unit);
  if (bytes >= 2n ** 64n) throw vmError("overflow", `value too large: ${value}${unit}`);
  return bytes;
}

function unitBytes(unit: string): bigint {
  const lower = unit.toLowerCase();
  if (lower === "" || lower === "b" || lower === "byte" || lower === "bytes") return 1n;
  const power = BigInt(POWERS.indexOf(lower[0] ?? "") + 1);
  const rest = lower.slice(1);
  if (power > 0n && (rest === "" || rest === "ib")) return 1024n ** power;
  if (power > 0n && rest === "b") return 1000n ** power;
  throw vmError("invalidArg", `unknown suffix '${unit}'`);
}

/** Bytes as whole KiB, rounded up. */
export function kib(bytes: bigint): bigint {
  return (bytes + 1023n) / 1024n;
}

/** A set of numbers as libvirt writes it: `0-3,^2,7` (virBitmapParse). @throws VmError invalidArg */
export function parseCpuset(text: string, limit = 16384): number[] {
  const set = new Set<number>();
  for (const part of text.split(",").map((each) => each.trim())) {
    const match = /^(\^)?(\d+)(?:-(\d+))?$/.exec(part);
    const from = Number(match?.[2]);
    const to = Number(match?.[3] ?? match?.[2]);
    if (!match || from > to || to >= limit || (match[1] !== undefined && match[3] !== undefined)) {
      throw vmError("invalidArg", `Failed to parse bitmap '${text}'`);
    }
    for (let at = from; at <= to; at++) {
      if (match[1] === undefined) set.add(at);
      else set.delete(at);
    }
  }
  return [...set].toSorted((a, b) => a - b);
}

/** The set as libvirt writes it: runs joined by `-`. */
export function formatCpuset(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** A whole number of an attribute, decimal or 0x…; undefined where it is missing. @throws VmError xmlError */
export function wholeAttribute(node: Draft, name: string): number | undefined {
  const text = node.attributes.get(name);
  if (text === undefined) return undefined;
  if (!/^(?:\d+|0x[0-9a-f]+)$/i.test(text)) {
    throw vmError(
      "xmlError",
      `Invalid value for attribute '${name}' in element '${node.name}': '${text}'. Expected non-negative integer value`,
    );
  }
  return Number(text);
}

/** `0x` and at least `digits` digits. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** An attribute that must be one of some words, where it is there. @throws VmError xmlError */
export function checkWord(node: Draft, name: string, words: readonly string[]): void {
  const value = node.attributes.get(name);
  if (value === undefined || words.includes(value)) return;
  throw vmError(
    "xmlError",
    `Invalid value for attribute '${name}' in element '${node.name}': '${value}'.`,
  );
}
