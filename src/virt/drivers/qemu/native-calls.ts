/** `domxml-to-native`: the command line of `tabvisor system`, which is QEMU's, for a definition. */
import type { DeviceConfig, DriveConfig, MachineConfig } from "../../../api/types.ts";
import type { BlockOptions } from "../../../protocol/drive-spec.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { parseQemuDomain } from "../../conf/domain/qemu/canonical.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { checkFlags } from "../objects/flags.ts";
import { chooseFirmware } from "./firmware.ts";
import { machineConfig } from "./machine-config.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "connectDomainXMLToNative">;

const MIB = 2 ** 20;
/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

export function nativeCalls(state: QemuState): Calls {
  return {
    connectDomainXMLToNative: async (format, xml, flags) => {
      checkFlags(flags, 0, "qemuConnectDomainXMLToNative", QEMU.domain);
      if (format !== "qemu-argv") {
        throw vmError("invalidArg", `unsupported config type ${format}`, QEMU);
      }
      const options = { inactive: true, newDomain: true };
      const parsed = parseQemuDomain(xml, state.context, options);
      const domain = chooseFirmware(parsed, state.ports.host);
      // As libvirt: nobody looks whether the files are there.
      const images = {
        ...state.ports.images,
        bootImage: async (path: string) => ({ kind: "url", name: path, url: path }) as const,
        defaultFirmware: async () => ({ kind: "url", name: "default", url: "" }) as const,
        read: async () => new Uint8Array(),
        check: async () => {},
      };
      const config = await machineConfig(domain, { ...state.diskPlaces, images }, () => {});
      const words = [state.ports.host.emulator, ...commandLine(config, domain)];
      return `${words.map(quoted).join(" ")}\n`;
    },
  };
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function commandLine(config: MachineConfig, domain: XmlElement): string[] {
  const { name, memoryBytes, vcpus, firmware, drives = [], devices = [], flash = [] } = config;
  const path = (what: string): string[] => {
    const given = textAt(domain, "os", what);
    return given === undefined ? [] : [`-${what}`, given];
  };
  const banks = new Map(flash.map(({ drive, unit }) => [drive, unit]));
  const append = textAt(domain, "os", "cmdline");
  return [
    ...["-name", name, "-machine", "virt", "-m", `${memoryBytes / MIB}M`, "-smp", String(vcpus)],
    ...["-bios", firmware?.name ?? "none"],
    ...path("kernel"),
    ...path("initrd"),
    ...(append === undefined ? [] : ["-append", append]),
    ...drives.flatMap((drive) => ["-drive", driveText(drive, banks.get(drive.id))]),
    ...devices.flatMap(deviceTexts).flatMap((text) => ["-device", text]),
    ...["-serial", devicesOf(domain, "serial").length > 0 ? "stdio" : "none"],
    ...(config.onReboot === "destroy" ? ["-no-reboot"] : []),
  ];
}

/** A property list; commas in values are doubled. */
function listed(head: string, properties: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value.replaceAll(",", ",,")}`],
  );
  return [...(head === "" ? [] : [head]), ...pairs].join(",");
}

const flag = (value: boolean | undefined): string | undefined =>
  value === true ? "on" : undefined;

/** A file, or an address; other images have no place in the option. */
function imageTexts(image: DriveConfig["image"]): Record<"file" | "format", string | undefined> {
  if (image?.kind === "file") return { file: image.filename, format: image.format };
  const { driver, file }: BlockOptions = image?.kind === "options" ? image.options : {};
  const url = typeof file === "object" ? file["url"] : undefined;
  return {
    file: typeof url === "string" ? url : undefined,
    format: typeof driver === "string" ? driver : undefined,
  };
}

function driveText(drive: DriveConfig, bank: number | undefined): string {
  const { image, noFlush, writeThrough } = drive;
  return listed("", {
    ...imageTexts(image),
    if: bank === undefined ? "none" : "pflash",
    unit: bank?.toString(),
    id: drive.id,
    readonly: flag(drive.readOnly),
    snapshot: flag(drive.snapshot),
    cache: noFlush === true ? "unsafe" : writeThrough === true ? "writethrough" : undefined,
    discard: bank === undefined && drive.discard === true ? "unmap" : undefined,
    "detect-zeroes": drive.detectZeroes,
    "copy-on-read": flag(drive.copyOnRead),
    werror: drive.writeError,
    rerror: drive.readError,
  });
}

/** What is not on the command line, channels, is left out. */
function deviceTexts(device: DeviceConfig): string[] {
  switch (device.kind) {
    case "virtio-rng":
      return ["virtio-rng-pci"];
    case "virtio-console":
      return ["virtio-serial-pci"];
    case "virtio-keyboard":
      return ["virtio-keyboard-pci"];
    case "virtio-balloon":
      return [listed("virtio-balloon-pci", { "deflate-on-oom": flag(device.deflateOnOom) })];
    case "virtio-serial":
      return [];
    case "virtio-blk": {
      const { drive, serial, queues } = device;
      return [listed("virtio-blk-pci", { drive, serial, "num-queues": queues?.toString() })];
    }
    case "virtio-scsi":
      return [
        listed("virtio-scsi-pci", { id: "scsi0" }),
        ...device.units.map(({ kind, id, drive, target, lun, serial }) =>
          listed(kind === "cdrom" ? "scsi-cd" : "scsi-hd", {
            id,
            bus: "scsi0.0",
            "scsi-id": String(target),
            lun: String(lun),
            drive,
            serial,
          }),
        ),
      ];
  }
}
