/** The commands that change or remove devices which the definition already has. */
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import {
  DomainDeviceModifyFlags,
  DomainModificationImpact as Impact,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { childAt, draft, draftOf, removeChildren, setText } from "../../../virt/xml/draft.ts";
import { element, find, textAt, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { DEVICES } from "../tables/domain-devices.ts";
import { asCall, definitionOf, deviceFlags, domainOf, impactFlags } from "./domain-common.ts";
import { fragmentText } from "./xml-fragments.ts";

type Spec<Name extends keyof typeof DEVICES> = (typeof DEVICES)[Name];

export const DEVICE_RUNS: Runs<typeof DEVICES> = {
  "change-media": (session, command) => changeMedia(session, command),
  "detach-disk": async (session, command) => {
    const flagsFor = deviceFlags(command);
    const domain = await domainOf(session, command);
    const flags = flagsFor(domain);
    const target = command.required("target");
    const stored = command.has("config") || command.has("persistent");
    const inactive = stored && !command.has("live");
    const disk = diskIn(await definitionOf(session, domain, inactive), target, () => true);
    if (command.has("print-xml")) return session.print(fragmentText(disk));
    const connect = await session.connect();
    await session.attempt("Failed to detach disk", () =>
      asCall(command.has("current") ? "virDomainDetachDeviceFlags" : null, () =>
        connect.domainDetachDeviceFlags(domain, formatXml(disk), flags),
      ),
    );
    session.printExtra("Disk detached successfully\n");
  },
  "detach-interface": (session, command) => detachInterface(session, command),
  "domif-setlink": (session, command) => setLink(session, command),
  "update-memory-device": (session, command) => updateMemory(session, command),
};

/** The disk of a target or source, without its backing images. @throws CommandError */
function diskIn(
  definition: XmlElement,
  path: string,
  isMeant: (disk: XmlElement) => boolean,
): XmlElement {
  const disks = devicesOf(definition, "disk");
  if (disks.length === 0) throw new CommandError("Failed to get disk information");
  const found = disks.filter(isMeant).find((disk) => {
    const source = find(disk, "source")?.attributes;
    const names = [
      find(disk, "target")?.attributes.get("dev"),
      ...["file", "dev", "dir", "name"].map((name) => source?.get(name)),
    ];
    return names.includes(path);
  });
  if (!found) throw new CommandError(`No disk found whose source path or target is ${path}`);
  const disk = draftOf(found);
  removeChildren(disk, "backingStore");
  return disk;
}

function isRemovable(disk: XmlElement): boolean {
  const device = disk.attributes.get("device");
  return device === undefined || device === "cdrom" || device === "floppy";
}

type MediaAction = "eject" | "insert" | "update";

async function changeMedia(
  session: Session,
  command: Command<Spec<"change-media">>,
): Promise<void> {
  command.exclusive("eject", "insert");
  command.exclusive("eject", "update");
  command.exclusive("insert", "update");
  command.exclusive("eject", "block");
  const source = command.text("source");
  const action = mediaAction(command, source);
  const flags = impactFlags(command) | (command.has("force") ? DomainDeviceModifyFlags.force : 0);
  const domain = await domainOf(session, command);
  const path = command.required("path");
  const inactive = (flags & Impact.config) !== 0;
  const disk = diskIn(await definitionOf(session, domain, inactive), path, isRemovable);
  const changed = withMedia(disk, path, action, { source, block: command.has("block") });
  if (command.has("print-xml")) return session.print(fragmentText(changed));
  const connect = await session.connect();
  await session.attempt(`Failed to complete action ${action} on media`, () =>
    connect.domainUpdateDeviceFlags(domain, formatXml(changed), flags),
  );
  session.print(`Successfully ${action}${action === "update" ? "d" : "ed"} media.`);
}

/** An update to nothing ejects. */
function mediaAction(
  command: Command<Spec<"change-media">>,
  source: string | undefined,
): MediaAction {
  if (command.has("eject")) return "eject";
  if (command.has("insert")) return "insert";
  return command.has("update") && source === undefined ? "eject" : "update";
}

/** The disk with another medium. @throws CommandError where it cannot have that one */
function withMedia(
  disk: XmlElement,
  path: string,
  action: MediaAction,
  media: { readonly source: string | undefined; readonly block: boolean },
): XmlElement {
  const device = disk.attributes.get("device");
  if (device !== "cdrom" && device !== "floppy") {
    throw new CommandError(`The disk device '${path}' is not removable`);
  }
  const old = find(disk, "source");
  if (action === "eject" && !old) {
    throw new CommandError(`The disk device '${path}' doesn't have media`);
  }
  if (action !== "eject" && media.source === undefined) {
    throw new CommandError("New disk media source was not specified");
  }
  if (
    action === "insert" &&
    old &&
    ["file", "dev", "dir", "pool", "name"].some((name) => old.attributes.has(name))
  ) {
    throw new CommandError(`The disk device '${path}' already has media`);
  }
  const block = action !== "eject" && media.block;
  const changed = draftOf(disk);
  removeChildren(changed, "source");
  changed.attributes.set("type", block ? "block" : "file");
  if (action !== "eject") {
    const source = draft("source", {
      [block ? "dev" : "file"]: media.source,
      startupPolicy: old?.attributes.get("startupPolicy"),
    });
    const at = changed.children.findIndex(
      (each) => each.kind === "element" && each.name === "target",
    );
    changed.children.splice(at < 0 ? changed.children.length : at, 0, source);
  }
  return changed;
}

async function detachInterface(
  session: Session,
  command: Command<Spec<"detach-interface">>,
): Promise<boolean> {
  deviceFlags(command);
  const domain = await domainOf(session, command);
  const persistent = command.has("persistent");
  const config = command.has("config") || persistent;
  const live = command.has("live") || (persistent && domain.id > 0);
  const printing = command.has("print-xml");
  const which = [
    ...(config ? [{ inactive: true, flags: Impact.config }] : []),
    ...(live || !config ? [{ inactive: false, flags: live ? Impact.live : 0 }] : []),
  ];
  for (const { inactive, flags } of which) {
    // Where what is of the running domain is printed, its failure is told without more words.
    const words = printing && !inactive ? null : "Failed to detach interface";
    await telling(session, words, async () => {
      const iface = interfaceOf(await definitionOf(session, domain, inactive), command);
      if (printing) return session.print(fragmentText(iface));
      const name = command.has("current") ? "virDomainDetachDeviceFlags" : null;
      await asCall(name, () => detach(session, domain, iface, flags));
    });
  }
  if (!printing) session.printExtra("Interface detached successfully\n");
  return true;
}

/** Does `work`; where it fails, `words` are told too: after our own, before libvirt's. */
async function telling(
  session: Session,
  words: string | null,
  work: () => Promise<void>,
): Promise<void> {
  if (words === null) return work();
  return session.attempt(words, () =>
    work().catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(`${error.message}\n${words}`);
    }),
  );
}

async function detach(
  session: Session,
  domain: DomainRef,
  iface: XmlElement,
  flags: number,
): Promise<void> {
  const connect = await session.connect();
  await connect.domainDetachDeviceFlags(domain, formatXml(iface), flags);
}

/** The interface of a type and MAC address. @throws CommandError where there is not just one */
function interfaceOf(
  definition: XmlElement,
  command: Command<Spec<"detach-interface">>,
): XmlElement {
  const type = command.required("type");
  const mac = command.text("mac");
  const ofType = devicesOf(definition, "interface").filter(
    (each) => each.attributes.get("type") === type,
  );
  if (ofType.length === 0) {
    throw new CommandError(`No interface found whose type is ${type}`);
  }
  if (mac === undefined && ofType.length > 1) {
    throw new CommandError(
      `Domain has ${ofType.length} interfaces. Please specify which one to detach using --mac`,
    );
  }
  const found = ofType.filter(
    (each) =>
      mac === undefined ||
      find(each, "mac")?.attributes.get("address")?.toLowerCase() === mac.toLowerCase(),
  );
  const [iface] = found;
  if (!iface) throw new CommandError(`No interface with MAC address ${mac} was found`);
  if (found.length > 1) {
    throw new CommandError(
      `Domain has multiple interfaces matching MAC address ${mac}. You must use detach-device and specify the device pci address to remove it.`,
    );
  }
  return iface;
}

async function setLink(session: Session, command: Command<Spec<"domif-setlink">>): Promise<void> {
  const domain = await domainOf(session, command);
  const wanted = command.required("interface");
  const state = command.required("state");
  if (state !== "up" && state !== "down") throw new CommandError(`invalid link state '${state}'`);
  const config = command.has("config");
  const definition = await definitionOf(session, domain, config);
  const interfaces = devicesOf(definition, "interface");
  if (interfaces.length === 0) {
    throw new CommandError("Failed to extract interface information or no interfaces found");
  }
  const found = interfaces.find((each) =>
    [find(each, "mac")?.attributes.get("address"), find(each, "target")?.attributes.get("dev")]
      .map((name) => name?.toLowerCase())
      .includes(wanted.toLowerCase()),
  );
  if (!found) throw new CommandError(`interface '${wanted}' not found`);
  const changed = draftOf(found);
  const link = childAt(changed, "link");
  link?.attributes.set("state", state);
  const added = element("link", { state });
  if (command.has("print-xml")) {
    return session.print(fragmentText(changed, link ? undefined : added));
  }
  if (!link) changed.children.push(draftOf(added));
  const connect = await session.connect();
  const flags = config || domain.id <= 0 ? Impact.config : Impact.live;
  await session.attempt("Failed to update interface link state", () =>
    connect.domainUpdateDeviceFlags(domain, formatXml(changed), flags),
  );
  session.printExtra("Device updated successfully\n");
}

async function updateMemory(
  session: Session,
  command: Command<Spec<"update-memory-device">>,
): Promise<void> {
  const flags = impactFlags(command);
  command.exclusive("node", "alias");
  const domain = await domainOf(session, command);
  const inactive = (flags & Impact.config) !== 0;
  const memory = memoryDevice(await definitionOf(session, domain, inactive), command);
  const bytes = command.scaled("requested-size", 1024n, 2n ** 64n - 1n);
  const changed = draftOf(memory);
  if (bytes !== undefined) {
    const requested = childAt(changed, "target", "requested");
    if (!requested) throw new CommandError("virtio-mem device is missing <requested/>");
    setText(requested, (bytes + 1023n) / 1024n);
  }
  if (command.has("print-xml")) return session.print(fragmentText(changed));
  const connect = await session.connect();
  await connect.domainUpdateDeviceFlags(domain, formatXml(changed), flags);
}

/** The memory device of a NUMA node or an alias. @throws CommandError where there is not just one */
function memoryDevice(
  definition: XmlElement,
  command: Command<Spec<"update-memory-device">>,
): XmlElement {
  const alias = command.text("alias");
  const node = command.whole("node", "uint");
  const found = devicesOf(definition, "memory").filter((each) => {
    if (node !== undefined) return textAt(each, "target", "node") === String(node);
    return alias === undefined || find(each, "alias")?.attributes.get("name") === alias;
  });
  const [memory] = found;
  if (!memory) throw new CommandError("no memory device found");
  if (found.length > 1) {
    throw new CommandError("multiple memory devices found, use --alias or --node to select one");
  }
  return memory;
}
