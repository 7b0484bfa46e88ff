/** The commands on what a domain says of itself, and on where its displays and consoles are. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import {
  DomainMetadataType,
  DomainModificationImpact as Impact,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { textAt } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { TEXT } from "../tables/domain-text.ts";
import { displayUri, listenAddress, SCHEMES, VNC_PORT } from "./displays.ts";
import { definitionOf, domainOf, impactFlags } from "./domain-common.ts";
import { editText } from "./edit.ts";

type Spec<Name extends keyof typeof TEXT> = (typeof TEXT)[Name];

export const TEXT_RUNS: Runs<typeof TEXT> = {
  desc: (session, command) => describe(session, command),
  domdisplay: (session, command) => showDisplays(session, command),
  metadata: (session, command) => metadata(session, command),
  ttyconsole: async (session, command) => {
    const domain = await domainOf(session, command);
    const consoles = devicesOf(await definitionOf(session, domain), "console");
    const tty = consoles.map((each) => each.attributes.get("tty")).find((each) => each);
    if (tty === undefined) return false;
    session.print(`${tty}\n`);
    return true;
  },
  vncdisplay: async (session, command) => {
    const domain = await domainOf(session, command);
    if (domain.id <= 0) throw new CommandError("Domain is not running");
    const graphics = devicesOf(await definitionOf(session, domain), "graphics");
    const vnc = graphics.find((each) => each.attributes.get("type") === "vnc");
    const port = Number(vnc?.attributes.get("port") || Number.NaN);
    if (!vnc || !Number.isInteger(port)) {
      throw new CommandError("Failed to get VNC port. Is this domain using VNC?");
    }
    const listen = listenAddress(vnc);
    const shown = listen === undefined || listen === "0.0.0.0" ? "" : listen;
    session.print(`${shown}:${port - VNC_PORT}\n`);
  },
};

async function describe(session: Session, command: Command<Spec<"desc">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const title = command.has("title");
  const what = title ? "title" : "description";
  const type = title ? DomainMetadataType.title : DomainMetadataType.description;
  const words = command.all("new-desc");
  const old = await descriptionOf(session, domain, type, flags & Impact.config);
  const edit = command.has("edit");
  if (words.length === 0 && !edit) {
    if (old !== "") return session.print(old);
    return session.printExtra(`No ${what} for domain: ${domain.name}`);
  }
  let text = words.length > 0 ? words.join(" ") : old;
  if (edit) {
    text = await editText(session, text);
    // Some editors end every file with a line feed.
    if (title) text = text.replace(/\n$/, "");
    if (text === old) return session.printExtra(`Domain ${what} not changed\n`);
  }
  const connect = await session.connect();
  await session.attempt(`Failed to set new domain ${what}`, () =>
    connect.domainSetMetadata(domain, type, text, null, null, flags),
  );
  session.printExtra(`Domain ${what} updated successfully`);
}

/** Title or description, "" where there is none. @throws VmError */
export async function descriptionOf(
  session: Session,
  domain: DomainRef,
  type: number,
  flags: number,
): Promise<string> {
  const connect = await session.connect();
  try {
    return await connect.domainGetMetadata(domain, type, null, flags);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    if (error.code === ErrorCode.noDomainMetadata) return "";
    if (error.code !== ErrorCode.noSupport) throw error;
    const definition = await definitionOf(session, domain, flags !== 0);
    const name = type === DomainMetadataType.title ? "title" : "description";
    return textAt(definition, name) ?? "";
  }
}

async function metadata(session: Session, command: Command<Spec<"metadata">>): Promise<void> {
  const flags = impactFlags(command);
  command.exclusive("edit", "set");
  command.exclusive("remove", "set");
  command.exclusive("remove", "edit");
  const domain = await domainOf(session, command);
  const uri = command.required("uri");
  const key = command.text("key") ?? null;
  const set = command.text("set") ?? null;
  const edit = command.has("edit");
  if ((set !== null || edit) && key === null) {
    throw new CommandError("namespace key is required when modifying metadata");
  }
  const { element } = DomainMetadataType;
  const connect = await session.connect();
  if (set !== null || command.has("remove")) {
    await connect.domainSetMetadata(domain, element, set, key, uri, flags);
    return session.printExtra(`Metadata ${set === null ? "removed" : "modified"}\n`);
  }
  if (!edit) {
    return session.print(`${await connect.domainGetMetadata(domain, element, uri, flags)}\n`);
  }
  const old = await connect
    .domainGetMetadata(domain, element, uri, flags)
    .catch((error: unknown) => {
      if (!(error instanceof VmError)) throw error;
      return "\n";
    });
  const edited = await editText(session, old);
  if (edited === old) return session.printExtra("Metadata not changed");
  await connect.domainSetMetadata(domain, element, edited, key, uri, flags);
  session.printExtra("Metadata modified\n");
}

async function showDisplays(session: Session, command: Command<Spec<"domdisplay">>): Promise<void> {
  command.exclusive("all", "type");
  const domain = await domainOf(session, command);
  if (domain.id <= 0) throw new CommandError("Domain is not running");
  const type = command.text("type");
  const all = command.has("all");
  const connect = await session.connect();
  const secure = command.has("include-password") ? DomainXMLFlags.secure : 0;
  const xml = await connect.domainGetXMLDesc(domain, secure);
  const graphics = devicesOf(parseXml(xml, "domain_definition", "domain"), "graphics");
  const uris = SCHEMES.filter((scheme) => type === undefined || scheme === type).flatMap(
    (scheme) => {
      const device = graphics.find((each) => each.attributes.get("type") === scheme);
      const uri = device && displayUri(scheme, device, connect.uri);
      return uri === undefined ? [] : [uri];
    },
  );
  const [first] = uris;
  if (first === undefined) {
    const which = type === undefined ? "" : ` with type '${type}'`;
    throw new CommandError(`No graphical display${which} found`);
  }
  session.print(all ? uris.map((uri) => `${uri}\n`).join("") : first);
}
