/** A guest that exists, from its XML. */
import { VmError } from "../../protocol/vm-error.ts";
import { draftOf } from "../../virt/xml/draft.ts";
import type { XmlElement } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import { ToolError } from "./errors.ts";
import { Guest, type Surroundings } from "./guest.ts";
import { GENERIC_OS, osById } from "../../virt/os-table.ts";

/** @throws ToolError where the text is no domain's XML */
export function parseGuest(around: Surroundings, xml: string): Guest {
  const root = parsed(around, xml);
  if (root.name !== "domain") {
    throw new ToolError(
      `XML did not have expected root element name 'domain', found '${root.name}'`,
    );
  }
  const guest = new Guest(around, draftOf(root));
  guest.os = osOf(guest.get("metadata:libosinfo:libosinfo:os/@id"));
  return guest;
}

function osOf(id: string | undefined): Guest["os"] {
  try {
    return id === undefined ? GENERIC_OS : osById(id);
  } catch {
    return GENERIC_OS;
  }
}

/** What the parser objects to goes to the terminal, as libxml2 has it. */
function parsed({ host }: Surroundings, xml: string): XmlElement {
  try {
    return parseXml(xml, "domain_definition");
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    const [, line = "1", reason] =
      /^.*?\(domain_definition\):(\d+): (.*)$/s.exec(error.message) ?? [];
    host.err(`Entity: line ${line}: parser error : ${reason ?? error.message}\n`);
    throw new ToolError("xmlParseDoc() failed", { cause: error });
  }
}
