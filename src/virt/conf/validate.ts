/**
 * `--validate`: names that no definition has. libvirt checks by its RELAX NG schemas; here what is known
 * is the tables of order, by whose rows elements and attributes without a place are refused. Values
 * are checked when a definition is read, with the flag and without.
 */
import { vmError } from "../../protocol/vm-error.ts";
import { childElements, type XmlElement } from "../xml/element.ts";
import type { OrderTable } from "./arrange.ts";

/** Where libvirt has its schemas. */
const SCHEMAS = "/usr/share/libvirt/schemas";

/**
 * @param schema what libvirt calls the schema: `domain`
 * @throws VmError xmlInvalidSchema in libxml2's words, which name the outermost element
 */
export function validate(root: XmlElement, table: OrderTable, schema: string): void {
  const fail = (why: string): never => {
    throw vmError(
      "xmlInvalidSchema",
      `Unable to validate doc against ${SCHEMAS}/${schema}.rng\n${why}\n`,
    );
  };
  if (root.name !== schema) fail(`Expecting element ${schema}, got ${root.name}`);
  const unknown = children(root).find((child) => !isKnown(child.name, table[root.name]?.children));
  if (unknown) fail(`Element ${root.name} has extra content: ${unknown.name}`);
  const wrong = children(root).find(
    (child) => !isValid(child, table, `${root.name}/${child.name}`),
  );
  if (wrong) {
    fail(
      `Extra element ${wrong.name} in interleave\nElement ${root.name} failed to validate content`,
    );
  }
}

function isValid(node: XmlElement, table: OrderTable, path: string): boolean {
  const row = table[path];
  return (
    [...node.attributes.keys()].every((name) => isKnown(name, row?.attributes)) &&
    children(node).every(
      (child) =>
        isKnown(child.name, row?.children) &&
        isValid(child, table, child.name === node.name ? path : `${path}/${child.name}`),
    )
  );
}

function isKnown(name: string, names: string | undefined): boolean {
  return (
    names === undefined || name.includes(":") || name === "xmlns" || names.split(" ").includes(name)
  );
}

/** Those of other namespaces are their owners' business. */
function children(node: XmlElement): XmlElement[] {
  return childElements(node).filter(({ attributes }) => !attributes.has("xmlns"));
}
