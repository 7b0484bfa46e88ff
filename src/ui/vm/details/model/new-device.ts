/** Devices as they are added: with what virt-manager would give them. */
import { machineHas } from "../../../../virt/conf/domain/qemu/machine-devices.ts";
import { element, type XmlElement } from "../../../../virt/xml/element.ts";
import { freeTarget } from "./disk.ts";
import { platformOf } from "./overview.ts";

/** Kinds that can be added, in the order of the list. */
export const NEW_KINDS = [
  "disk",
  "cdrom",
  "scsi",
  "interface",
  "serial",
  "console",
  "channel",
  "input",
  "watchdog",
  "rng",
] as const;
export type NewKind = (typeof NEW_KINDS)[number];

/** What a new device depends on. */
export interface NewDeviceContext {
  readonly definition: XmlElement;
  /** The first network; undefined where there is none. */
  readonly network: string | undefined;
}

type Make = (context: NewDeviceContext, onQemu: boolean) => XmlElement;

const MAKERS: Readonly<Record<NewKind, Make>> = {
  disk: (context, onQemu) => disk(context, onQemu, "disk", "virtio"),
  // A SCSI drive is one that every guest of ours knows; others have none of SCSI.
  cdrom: (context, onQemu) => disk(context, onQemu, "cdrom", onQemu ? "scsi" : "sata"),
  scsi: () => element("controller", { type: "scsi", model: "virtio-scsi" }),
  interface: ({ network }) =>
    element("interface", { type: network === undefined ? "user" : "network" }, [
      ...(network === undefined ? [] : [element("source", { network })]),
      element("model", { type: "virtio" }),
    ]),
  serial: () => element("serial", { type: "pty" }),
  console: () => element("console", { type: "pty" }, [element("target", { type: "virtio" })]),
  channel: () =>
    element("channel", { type: "unix" }, [
      element("target", { type: "virtio", name: "org.qemu.guest_agent.0" }),
    ]),
  input: () => element("input", { type: "keyboard", bus: "virtio" }),
  watchdog: () => element("watchdog", { model: "i6300esb", action: "reset" }),
  rng: () =>
    element("rng", { model: "virtio" }, [
      element("backend", { model: "random" }, ["/dev/urandom"]),
    ]),
};

function disk(
  { definition }: NewDeviceContext,
  onQemu: boolean,
  device: string,
  bus: string,
): XmlElement {
  return element("disk", { type: "file", device }, [
    ...(onQemu ? [element("driver", { name: "qemu", type: "raw" })] : []),
    element("target", { dev: freeTarget(definition, bus), bus }),
    ...(device === "cdrom" ? [element("readonly")] : []),
  ]);
}

export function newDevice(kind: NewKind, context: NewDeviceContext): XmlElement {
  return MAKERS[kind](context, isQemu(context.definition));
}

/** The kinds that the definition's machine has: of other hypervisors' everything. */
export function kindsFor(context: NewDeviceContext): readonly NewKind[] {
  if (!isQemu(context.definition)) return NEW_KINDS;
  return NEW_KINDS.filter((kind) => machineHas(newDevice(kind, context)));
}

function isQemu(definition: XmlElement): boolean {
  return ["qemu", "kvm"].includes(platformOf(definition).type);
}
