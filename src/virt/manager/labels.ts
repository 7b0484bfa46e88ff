/**
 * What users call a domain besides its name: libvirt's title and description, and a group and tags
 * of our own, which stand in its metadata as
 * `<tabvisor:labels xmlns:tabvisor="…"><tabvisor:group/><tabvisor:tag/>…</tabvisor:labels>`.
 */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import { editDomain, ensurePath } from "../conf/domain/view.ts";
import type { Connect } from "../driver/connect.ts";
import {
  DomainMetadataType as Type,
  DomainModificationImpact as Impact,
} from "../driver/domain-flags.ts";
import { childrenOf, draft, draftOf, type Draft, removeChildren } from "../xml/draft.ts";
import {
  childElements,
  element,
  find,
  textAt,
  textElement,
  textOf,
  type XmlElement,
} from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";
import type { ManagedDomain } from "./objects.ts";

export interface Labels {
  /** One line; empty where there is none. */
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly tags: readonly string[];
}

/** The namespace of what Tabvisor keeps in a domain. */
const NAMESPACE = "https://tabvisor.dev/xmlns/domain/1.0";
const PREFIX = "tabvisor";

const known = new WeakMap<XmlElement, Labels>();

/** Reads a definition; the same object for the same one. */
export function labelsOf(definition: XmlElement): Labels {
  const before = known.get(definition);
  if (before) return before;
  const own = ownElement(definition);
  const texts = (name: string): string[] =>
    (own ? childElements(own) : [])
      .filter((each) => localName(each) === name)
      .map((each) => textOf(each).trim())
      .filter((text) => text !== "");
  const labels = {
    title: textAt(definition, "title") ?? "",
    description: textAt(definition, "description") ?? "",
    group: texts("group")[0] ?? "",
    tags: [...new Set(texts("tag"))],
  };
  known.set(definition, labels);
  return labels;
}

/**
 * Writes what differs, to what runs and to what is kept of a domain. No event tells of it.
 *
 * @throws VmError
 */
export async function setLabels(
  connect: Connect,
  domain: ManagedDomain,
  wanted: Labels,
): Promise<void> {
  try {
    await byCalls(connect, domain, wanted);
  } catch (error) {
    const unsupported = error instanceof VmError && error.code === ErrorCode.noSupport;
    if (!unsupported || !domain.isPersistent) throw error;
    const definition = editDomain(domain.definition, (edited) => write(edited, wanted));
    await connect.domainDefineXMLFlags(formatXml(definition), 0);
  }
}

async function byCalls(connect: Connect, domain: ManagedDomain, wanted: Labels): Promise<void> {
  const { ref, definition } = domain;
  const before = labelsOf(definition);
  const flags = (domain.isPersistent ? Impact.config : 0) | (ref.id > 0 ? Impact.live : 0);
  const set = async (type: number, text: string | null, own = false): Promise<void> =>
    connect.domainSetMetadata(ref, type, text, own ? PREFIX : null, own ? NAMESPACE : null, flags);
  if (wanted.title !== before.title) await set(Type.title, wanted.title || null);
  if (wanted.description !== before.description) {
    await set(Type.description, wanted.description || null);
  }
  if (wanted.group !== before.group || wanted.tags.join("\n") !== before.tags.join("\n")) {
    const own = labelsElement(wanted, "");
    await set(Type.element, own && formatXml(own), true);
  }
}

/** Null where there is nothing to keep. */
function labelsElement({ group, tags }: Labels, prefix: string): XmlElement | null {
  if (group === "" && tags.length === 0) return null;
  return element(`${prefix}labels`, {}, [
    ...(group === "" ? [] : [textElement(`${prefix}group`, group)]),
    ...tags.map((tag) => textElement(`${prefix}tag`, tag)),
  ]);
}

function write(domain: Draft, wanted: Labels): void {
  for (const name of ["title", "description"] as const) {
    removeChildren(domain, name);
    if (wanted[name] !== "") domain.children.push(draft(name, {}, wanted[name]));
  }
  const metadata = ensurePath(domain, "metadata");
  removeChildren(metadata, (child) => namespaceOf(child) === NAMESPACE);
  const own = labelsElement(wanted, `${PREFIX}:`);
  if (own) {
    const added = draftOf(own);
    added.attributes.set(`xmlns:${PREFIX}`, NAMESPACE);
    metadata.children.push(added);
  }
  if (childrenOf(metadata).length === 0) removeChildren(domain, "metadata");
}

function ownElement(definition: XmlElement): XmlElement | undefined {
  const metadata = find(definition, "metadata");
  return (metadata ? childElements(metadata) : []).find(
    (each) => namespaceOf(each) === NAMESPACE && localName(each) === "labels",
  );
}

function namespaceOf({ name, attributes }: XmlElement | Draft): string | undefined {
  const [prefix, local] = name.split(":");
  return attributes.get(local === undefined ? "xmlns" : `xmlns:${prefix}`);
}

function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(":") + 1);
}
