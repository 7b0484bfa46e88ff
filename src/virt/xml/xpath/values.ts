/** XPath's four types, and how one becomes another (XPath 1.0 §4). */
import { stringValue, type XPathNode } from "./nodes.ts";

/** A node set is in document order. */
export type Value = XPathNode[] | string | number | boolean;

/** Where an expression is evaluated. */
export interface Context {
  readonly node: XPathNode;
  /** From 1. */
  readonly position: number;
  readonly size: number;
}

/** An expression that cannot be evaluated. */
export class XPathError extends Error {
  override readonly name = "XPathError";
}

export function toText(value: Value): string {
  if (Array.isArray(value)) return value[0] ? stringValue(value[0]) : "";
  return Object.is(value, -0) ? "0" : String(value);
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = toText(value).trim();
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

export function toBoolean(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
  return value.length > 0;
}
