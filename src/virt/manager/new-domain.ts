/** The definition of a new machine: what all of them have, and what was chosen. */
import { element, textElement, type XmlElement } from "../xml/element.ts";

/** What runs a guest, as the connection's capabilities tell it. */
export interface Platform {
  /** `qemu`. */
  readonly virtType: string;
  readonly arch: string;
  readonly machine: string | undefined;
}

/** Our own machine. */
export const TABVISOR_PLATFORM: Platform = { virtType: "qemu", arch: "riscv64", machine: "virt" };

/** How a machine comes by its system. */
export type NewBoot =
  | {
      readonly kind: "kernel";
      /** Paths on the host. */
      readonly kernel: string;
      readonly initrd?: string;
      readonly cmdline?: string;
      /** Firmware below the kernel; the driver's own when absent. */
      readonly loader?: string;
      /** EFI firmware is there, too, and starts the kernel. */
      readonly isEfi?: boolean;
    }
  /** What EFI firmware finds on its disks, these kinds of them first. */
  | { readonly kind: "efi"; readonly order: readonly ("cdrom" | "hd")[] };

export interface NewDisk {
  readonly device: "disk" | "cdrom";
  readonly source: DiskSource;
  readonly format: string;
  /** What the guest gives back is freed: for images that grow as they are written. */
  readonly discards?: boolean;
}

export type DiskSource =
  | { readonly kind: "file" | "block"; readonly path: string }
  /** An image of a web server, which is only read. */
  | ({ readonly kind: "web" } & WebAddress);

/** The parts of an address, as `URL` has them. */
export interface WebAddress {
  /** With its colon. */
  readonly protocol: string;
  readonly hostname: string;
  /** Empty where it is the protocol's own. */
  readonly port: string;
  /** With the slash that it begins with. */
  readonly pathname: string;
  /** Empty, or with the question mark that it begins with. */
  readonly search: string;
}

export interface NewDomain {
  readonly name: string;
  /** Made by the driver when absent. */
  readonly uuid?: string;
  readonly platform: Platform;
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly boot: NewBoot;
  readonly disks: readonly NewDisk[];
  /** A network's name; no interface when absent. */
  readonly network?: string;
  /** What the guest's own request to start again does; `restart` when absent. */
  readonly onReboot?: "destroy";
  /** What libosinfo calls the guest's system. */
  readonly os?: string;
}

/** The definition, for `virDomainDefineXML`: the driver fills in the rest. */
export function newDomain(machine: NewDomain): XmlElement {
  const { name, uuid, platform, memoryBytes, vcpus, network, onReboot, os } = machine;
  return element("domain", { type: platform.virtType }, [
    textElement("name", name),
    ...(uuid === undefined ? [] : [textElement("uuid", uuid)]),
    ...(os === undefined ? [] : [osMetadata(os)]),
    element("memory", { unit: "KiB" }, [String(Math.ceil(memoryBytes / 1024))]),
    textElement("vcpu", vcpus),
    osElement(machine),
    ...(onReboot === undefined ? [] : [textElement("on_reboot", onReboot)]),
    element("devices", {}, [
      ...disksOf(machine.disks),
      ...(network === undefined ? [] : [interfaceOn(network)]),
      element("serial", { type: "pty" }),
      consoleOf("serial"),
      consoleOf("virtio"),
      // A system on a disk has the drivers, and listens to Ctrl-Alt-Delete; in an initramfs they are dead weight.
      ...(machine.disks.length > 0 ? [element("input", { type: "keyboard", bus: "virtio" })] : []),
      element("memballoon", { model: machine.disks.length > 0 ? "virtio" : "none" }),
      element("rng", { model: "virtio" }, [
        element("backend", { model: "random" }, ["/dev/urandom"]),
      ]),
    ]),
  ]);
}

const LIBOSINFO = "http://libosinfo.org/xmlns/libvirt/domain/1.0";

/** Where virt-manager and its relatives look for what the guest is. */
function osMetadata(id: string): XmlElement {
  const os = element("libosinfo:os", { id });
  return element("metadata", {}, [
    element("libosinfo:libosinfo", { "xmlns:libosinfo": LIBOSINFO }, [os]),
  ]);
}

function osElement({ platform: { arch, machine }, boot }: NewDomain): XmlElement {
  const isEfi = boot.kind === "efi" || boot.isEfi === true;
  return element("os", { firmware: isEfi ? "efi" : undefined }, [
    element("type", { arch, machine }, ["hvm"]),
    ...(boot.kind === "efi"
      ? boot.order.map((dev) => element("boot", { dev }))
      : [
          ...(boot.loader === undefined || isEfi
            ? []
            : [element("loader", { type: "rom" }, [boot.loader])]),
          textElement("kernel", boot.kernel),
          ...(boot.initrd === undefined ? [] : [textElement("initrd", boot.initrd)]),
          ...(boot.cmdline ? [textElement("cmdline", boot.cmdline)] : []),
        ]),
  ]);
}

/** Disks are virtio's own, CDs hang on a SCSI controller. */
function disksOf(disks: readonly NewDisk[]): XmlElement[] {
  const letter = { disk: 0, cdrom: 0 };
  return disks.map((disk) => {
    const { device, source, format, discards } = disk;
    const at = String.fromCharCode(97 + letter[device]++);
    const [dev, bus] = device === "disk" ? [`vd${at}`, "virtio"] : [`sd${at}`, "scsi"];
    const type = source.kind === "web" ? "network" : source.kind;
    return element("disk", { type, device }, [
      element("driver", { name: "qemu", type: format, discard: discards ? "unmap" : undefined }),
      sourceElement(source),
      element("target", { dev, bus }),
      ...(device === "cdrom" ? [element("readonly")] : []),
    ]);
  });
}

function sourceElement(source: DiskSource): XmlElement {
  if (source.kind !== "web") {
    return element("source", { [source.kind === "file" ? "file" : "dev"]: source.path });
  }
  const { protocol, hostname, port, pathname, search } = source;
  const attributes = {
    protocol: protocol.slice(0, -1),
    name: pathname.slice(1),
    query: search === "" ? undefined : search.slice(1),
  };
  const host = { name: hostname, port: port === "" ? undefined : port };
  return element("source", attributes, [element("host", host)]);
}

function interfaceOn(network: string): XmlElement {
  return element("interface", { type: "network" }, [
    element("source", { network }),
    element("model", { type: "virtio" }),
  ]);
}

function consoleOf(type: "serial" | "virtio"): XmlElement {
  return element("console", { type: "pty" }, [element("target", { type })]);
}
