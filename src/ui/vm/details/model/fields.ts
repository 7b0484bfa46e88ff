/** Forms as tables: a row says where in a device's XML a field's value stands. */
import { ensurePath } from "../../../../virt/conf/domain/view.ts";
import {
  childAt,
  type Draft,
  type DraftNode,
  removeChildren,
  setText,
} from "../../../../virt/xml/draft.ts";
import { find, textOf, type XmlElement } from "../../../../virt/xml/element.ts";
import type { PlainKey } from "../../../i18n/catalogue.ts";

/** A form's values by field. A flag is `yes`, or empty like everything that is not there. */
export type Values = Readonly<Record<string, string>>;

export type FieldInput =
  /** One of libvirt's words, or none: the hypervisor's default. */
  | { readonly kind: "choice"; readonly options: readonly string[]; readonly required?: true }
  | { readonly kind: "text" }
  /** A whole number from 0. */
  | { readonly kind: "number" }
  | { readonly kind: "flag" }
  /** Shown, never changed. */
  | { readonly kind: "fixed" };

export interface Field {
  readonly key: string;
  readonly label: PlainKey;
  /** Names of elements below the device; none for the device itself. */
  readonly path: readonly string[];
  /** Without one it is the element's text; a flag is then the element itself. */
  readonly attribute?: string;
  /** What a flag's attribute is when it is set: `yes` without it. */
  readonly on?: string;
  readonly input: FieldInput;
  /** Whether the field means anything beside these values. */
  readonly when?: (values: Values) => boolean;
  /** It stands under the heading of advanced options. */
  readonly isAdvanced?: true;
  readonly hint?: PlainKey;
}

export function readFields(device: XmlElement, fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.key, readField(device, field)]));
}

function readField(device: XmlElement, { path, attribute, input, on = "yes" }: Field): string {
  const element = find(device, ...path);
  if (attribute === undefined && input.kind === "flag") return element ? "yes" : "";
  const text =
    attribute === undefined ? element && textOf(element) : element?.attributes.get(attribute);
  if (input.kind === "flag") return text === on ? "yes" : "";
  return (text ?? "").trim();
}

/** The fields that mean something beside the values. */
export function fieldsFor(fields: readonly Field[], values: Values): readonly Field[] {
  return fields.filter(({ when }) => when?.(values) ?? true);
}

/** The first field that is to be a whole number and is none. */
export function wrongNumber(fields: readonly Field[], values: Values): Field | undefined {
  return fieldsFor(fields, values).find(
    ({ key, input }) => input.kind === "number" && !/^\d*$/.test((values[key] ?? "").trim()),
  );
}

/** Writes what differs; what means nothing any more is taken out. */
export function writeFields(device: Draft, fields: readonly Field[], values: Values): void {
  const before = readFields(device, fields);
  const shown = new Set(fieldsFor(fields, values));
  for (const field of fields) {
    const value = shown.has(field) ? (values[field.key] ?? "").trim() : "";
    if (value !== before[field.key]) writeField(device, field, value);
  }
}

function writeField(device: Draft, field: Field, value: string): void {
  const { path, attribute, input, on = "yes" } = field;
  if (value === "") return clear(device, path, attribute);
  const element = ensurePath(device, ...path);
  if (attribute !== undefined)
    element.attributes.set(attribute, input.kind === "flag" ? on : value);
  else if (input.kind !== "flag") setText(element, value);
}

/** Takes a value out, and the elements that it leaves empty. */
export function clear(device: Draft, path: readonly string[], attribute: string | undefined): void {
  const element = childAt(device, ...path);
  if (!element) return;
  if (attribute === undefined) element.children = [];
  else element.attributes.delete(attribute);
  prune(device, path);
}

/** Definitions come with the line breaks that stood between elements. */
function isBlank(node: DraftNode): boolean {
  return node.kind === "text" && node.text.trim() === "";
}

function prune(device: Draft, path: readonly string[]): void {
  const name = path.at(-1);
  const above = path.slice(0, -1);
  const parent = childAt(device, ...above);
  const element = childAt(device, ...path);
  if (name === undefined || !parent || !element) return;
  if (element.attributes.size > 0 || !element.children.every(isBlank)) return;
  removeChildren(parent, (each) => each === element);
  prune(device, above);
}
