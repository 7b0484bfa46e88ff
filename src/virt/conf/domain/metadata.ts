/** What people note in a domain's definition: title, description, and elements of their own namespaces. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { DomainMetadataType as Type } from "../../driver/domain-flags.ts";
import { childrenOf, type Draft, draft, draftOf, removeChildren } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { formatForeignXml } from "../../xml/format.ts";
import { parseXml } from "../../xml/parse.ts";
import { ensurePath } from "./view.ts";

/**
 * @param type of `virDomainMetadataType`
 * @param uri the namespace of an element
 * @throws VmError noDomainMetadata where there is none, invalidArg for unknown types
 */
export function metadataOf(definition: XmlElement, type: number, uri: string | null): string {
  checkType(type);
  const text =
    type === Type.description
      ? textAt(definition, "description")
      : type === Type.title
        ? textAt(definition, "title")
        : elementOf(definition, uri);
  if (text !== undefined) return text;
  throw vmError("noDomainMetadata", "Requested metadata element is not present", {
    domain: ErrorDomain.domain,
  });
}

function checkType(type: number): void {
  if (Object.values<number>(Type).includes(type)) return;
  throw vmError("invalidArg", `unknown metadata type '${type}'`, { domain: ErrorDomain.domain });
}

/** The XML that somebody keeps in a domain under a namespace. */
function elementOf(definition: XmlElement, uri: string | null): string | undefined {
  const metadata = find(definition, "metadata");
  const found = (metadata ? childElements(metadata) : []).find((each) => namespaceOf(each) === uri);
  if (!found) return undefined;
  // Its own prefix and namespace are not shown.
  const prefix = found.name.includes(":") ? `${found.name.split(":")[0] ?? ""}:` : "";
  return formatForeignXml(withoutPrefix(found, prefix)).trimEnd();
}

function withoutPrefix(node: XmlElement, prefix: string): XmlElement {
  return {
    ...node,
    name:
      prefix !== "" && node.name.startsWith(prefix) ? node.name.slice(prefix.length) : node.name,
    attributes: new Map([...node.attributes].filter(([name]) => !name.startsWith("xmlns"))),
    children: node.children.map((child) =>
      child.kind === "element" ? withoutPrefix(child, prefix) : child,
    ),
  };
}

function namespaceOf(node: XmlElement): string | undefined {
  const prefix = node.name.includes(":") ? node.name.split(":")[0] : undefined;
  return node.attributes.get(prefix === undefined ? "xmlns" : `xmlns:${prefix}`);
}

/**
 * How a definition is given another text or element; none takes away what there is.
 *
 * @param key prefix of an element's namespace
 * @throws VmError xmlError where the element cannot be parsed, invalidArg for unknown types
 */
export function changeOfMetadata(
  type: number,
  metadata: string | null,
  key: string | null,
  uri: string | null,
): (edited: Draft) => void {
  checkType(type);
  const name = type === Type.description ? "description" : "title";
  if (type !== Type.element) {
    return (edited) => {
      removeChildren(edited, name);
      if (metadata !== null && metadata !== "") edited.children.push(draft(name, {}, metadata));
    };
  }
  const element = metadata === null ? null : prefixed(parseXml(metadata, "metadata_xml"), key, uri);
  return (edited) => {
    const parent = ensurePath(edited, "metadata");
    removeChildren(parent, (child) => namespaceOf(child) === uri);
    if (element) parent.children.push(draftOf(element));
    if (childrenOf(parent).length === 0) removeChildren(edited, "metadata");
  };
}

function prefixed(node: XmlElement, key: string | null, uri: string | null): XmlElement {
  const named = withPrefix(node, key ?? "");
  return {
    ...named,
    attributes: new Map([[`xmlns:${key ?? ""}`, uri ?? ""], ...named.attributes]),
  };
}

function withPrefix(node: XmlElement, key: string): XmlElement {
  return {
    ...node,
    name: node.name.includes(":") ? node.name : `${key}:${node.name}`,
    children: node.children.map((child) =>
      child.kind === "element" ? withPrefix(child, key) : child,
    ),
  };
}
