/** Checkpoints' XML to its canonical form (virDomainCheckpointDefParse and its format). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  draftOf,
  draftText,
  ensureChild,
  removeChildren,
  setText,
} from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange, type OrderTable } from "../arrange.ts";
import { dropComments } from "../common.ts";
import { checkSchema } from "./schema.ts";

const CHECKPOINT = { domain: ErrorDomain.domainCheckpoint } as const;

const ORDER: OrderTable = {
  domaincheckpoint: { children: "name description parent creationTime disks domain" },
  "domaincheckpoint/disks/disk": { attributes: "name checkpoint bitmap size" },
};

/**
 * Parses a checkpoint, which libvirt always checks against its schema.
 *
 * @param nowS seconds since 1970: the time, and the name, of a new one without a name
 * @param redefine the XML is a stored one: it brings its time, parent and domain
 * @throws VmError in libvirt's words
 */
export function parseCheckpoint(text: string, nowS: number, redefine: boolean): XmlElement {
  const checkpoint = draftOf(parseXml(text, "domain_checkpoint", "domaincheckpoint"));
  dropComments(checkpoint);
  checkSchema(checkpoint);
  if (redefine) checkStored(checkpoint);
  else {
    for (const name of ["parent", "creationTime", "domain"]) removeChildren(checkpoint, name);
    checkpoint.children.push(draft("creationTime", {}, String(nowS)));
    const name = ensureChild(checkpoint, "name");
    if (draftText(name) === "") setText(name, nowS);
  }
  const description = childAt(checkpoint, "description");
  if (description && draftText(description) === "") removeChildren(checkpoint, "description");
  for (const disk of childrenOf(childAt(checkpoint, "disks") ?? draft("disks"))) fillDisk(disk);
  arrange(checkpoint, ORDER);
  return checkpoint;
}

function checkStored(checkpoint: Draft): void {
  if (!childAt(checkpoint, "name")) {
    throw vmError("xmlError", "a redefined checkpoint must have a name", CHECKPOINT);
  }
  if (!childAt(checkpoint, "creationTime")) {
    throw vmError("internalError", "missing creationTime from existing checkpoint", CHECKPOINT);
  }
}

/** A size is what the driver finds out, not what a definition says. */
function fillDisk(disk: Draft): void {
  if (!disk.attributes.has("checkpoint")) disk.attributes.set("checkpoint", "bitmap");
  disk.attributes.delete("size");
}
