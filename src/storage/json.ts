/** JSON in QEMU's layout and order of members. */

export type Json = string | number | bigint | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

const BUCKETS = 512;

/** The hash that decides in which order QEMU writes the members of an object. */
function bucketOf(key: string): number {
  let value = Math.imul(0x238f13af, key.length) >>> 0;
  for (let i = 0; i < key.length; i++) {
    value = (value + (key.charCodeAt(i) << ((i * 5) % 24))) >>> 0;
  }
  return ((Math.imul(1_103_515_243, value) + 12_345) >>> 0) % BUCKETS;
}

/** The members that are there, in QEMU's order. */
export function membersOf(object: JsonObject): (readonly [string, Json])[] {
  const members = Object.entries(object).filter(
    (member): member is [string, Json] => member[1] !== undefined,
  );
  return members.toReversed().sort((a, b) => bucketOf(a[0]) - bucketOf(b[0]));
}

/** Several lines, indented by four. */
export function prettyJson(value: Json, indent = ""): string {
  const deeper = `${indent}    `;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => deeper + prettyJson(item, deeper));
    return items.length === 0 ? "[\n" + indent + "]" : `[\n${items.join(",\n")}\n${indent}]`;
  }
  if (typeof value === "object") {
    const members = membersOf(value as JsonObject).map(
      ([key, member]) => `${deeper}${JSON.stringify(key)}: ${prettyJson(member, deeper)}`,
    );
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  return scalar(value);
}

/** One line. */
export function lineJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(lineJson).join(", ")}]`;
  if (typeof value === "object") {
    const members = membersOf(value as JsonObject).map(
      ([key, member]) => `${JSON.stringify(key)}: ${lineJson(member)}`,
    );
    return `{${members.join(", ")}}`;
  }
  return scalar(value);
}

function scalar(value: Json): string {
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
