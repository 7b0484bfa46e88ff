/** From a domain's definition to what the embedding API builds. */
import { fastestAia } from "../../../api/fastest-aia.ts";
import type {
  AiaKind,
  DeviceConfig,
  DriveConfig,
  FlashConfig,
  ImageSource,
  MachineConfig,
} from "../../../api/types.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf, domainName, maxMemoryKib, vcpuCounts } from "../../conf/domain/view.ts";
import { MACHINE_LIMITS } from "../../machine-limits.ts";
import { servedGuestName } from "../../served-path.ts";
import { find, textAt, textOf, type XmlElement } from "../../xml/element.ts";
import { balloonOf } from "./balloon.ts";
import type { DiskPlaces } from "./disk-image.ts";
import { disksOf } from "./machine-disks.ts";
import { extraArguments } from "./extra-arguments.ts";
import type { Hold, HostImages } from "./ports.ts";
import { refuseUnknownDevices } from "../../conf/domain/qemu/machine-devices.ts";
import { refuseTuning } from "./tuning-refusals.ts";

const MODERN = "virtio-non-transitional";
const VIRTIO_MODELS = ["virtio", "virtio-transitional", MODERN];
const { minMemoryBytes, maxMemoryBytes, memoryStepBytes } = MACHINE_LIMITS;
/** Of one machine. */
export const MAX_VCPUS = MACHINE_LIMITS.maxVcpus;

/**
 * @param hold told how to let go of files that the machine keeps open
 * @throws VmError configUnsupported for what the machine does not have, systemError for images
 */
export async function machineConfig(
  domain: XmlElement,
  places: DiskPlaces,
  hold: Hold,
): Promise<MachineConfig> {
  refuseUnknownDevices(domain);
  refuseTuning(domain);
  const { images } = places;
  const { drives, devices, secrets } = await disksOf(domain, places);
  const firmware = await firmwareOf(domain, images, hold);
  return {
    name: domainName(domain),
    memoryBytes: memoryOf(domain),
    vcpus: vcpusOf(domain),
    aia: aiaOf(domain),
    ...(await kernelOf(domain, images, hold)),
    ...(firmware.image && { firmware: firmware.image }),
    flash: firmware.flash,
    drives: [...firmware.drives, ...drives],
    devices: [...plainDevices(domain), ...devices, ...balloonsOf(domain)],
    secrets,
    onReboot: actionOf(domain, "on_reboot"),
  };
}

function memoryOf(domain: XmlElement): number {
  // libvirt rounds up to whole MiB for QEMU.
  const wanted = maxMemoryKib(domain) * 1024;
  const bytes = Math.ceil(wanted / memoryStepBytes) * memoryStepBytes;
  if (bytes < minMemoryBytes || bytes > maxMemoryBytes) {
    throw vmError(
      "configUnsupported",
      `memory of ${maxMemoryKib(domain)} KiB is not between 64 MiB and 3 GiB`,
    );
  }
  return bytes;
}

function vcpusOf(domain: XmlElement): number {
  const { max, current } = vcpuCounts(domain);
  if (max > MAX_VCPUS) {
    throw vmError(
      "configUnsupported",
      `Maximum CPUs greater than specified machine type limit ${MAX_VCPUS}`,
    );
  }
  return current;
}

/**
 * What the definition says, else: our own guests' firmware and kernels know AIA; of others nobody knows
 * that, and the PLIC suits all.
 */
function aiaOf(domain: XmlElement): AiaKind {
  const { aia } = extraArguments(domain);
  if (aia !== undefined) return aia;
  const kernel = textAt(domain, "os", "kernel");
  const isOurs = kernel !== undefined && servedGuestName(kernel) !== undefined;
  return isOurs ? fastestAia(vcpusOf(domain)) : "none";
}

async function kernelOf(
  domain: XmlElement,
  images: HostImages,
  hold: Hold,
): Promise<Pick<MachineConfig, "kernel" | "initrd" | "append">> {
  const open = async (name: string): Promise<ImageSource | undefined> => {
    const path = textAt(domain, "os", name);
    return path === undefined ? undefined : images.bootImage(path, hold);
  };
  const [kernel, initrd] = [await open("kernel"), await open("initrd")];
  const append = textAt(domain, "os", "cmdline");
  return {
    ...(kernel && { kernel }),
    ...(initrd && { initrd }),
    ...(append !== undefined && { append }),
  };
}

interface Firmware {
  readonly image?: ImageSource;
  readonly drives: readonly DriveConfig[];
  readonly flash: readonly FlashConfig[];
}

/** `<loader>` in ROM or in flash; without one OpenSBI, as QEMU brings it along. */
async function firmwareOf(domain: XmlElement, images: HostImages, hold: Hold): Promise<Firmware> {
  const loader = find(domain, "os", "loader");
  const path = loader && textOf(loader);
  if (path === undefined || path === "") {
    return { image: await images.defaultFirmware(), drives: [], flash: [] };
  }
  if (loader?.attributes.get("type") !== "pflash") {
    return { image: await images.bootImage(path, hold), drives: [], flash: [] };
  }
  await images.check(path);
  const drives = [flashDrive(0, path, true), ...(await nvramOf(domain, images))];
  const flash = drives.map(({ id }, unit): FlashConfig => ({
    unit: unit === 0 ? 0 : 1,
    drive: id,
  }));
  return { image: await images.defaultFirmware(), drives, flash };
}

/** The domain's own variables: their file is made of the template when it is missing. */
async function nvramOf(domain: XmlElement, images: HostImages): Promise<DriveConfig[]> {
  const nvram = find(domain, "os", "nvram");
  const path = nvram && textOf(nvram);
  if (!nvram || path === undefined || path === "") return [];
  const from = nvram.attributes.get("template");
  const template = from === undefined ? {} : { template: await images.read(from) };
  const drive = flashDrive(1, path, false);
  return [{ ...drive, image: { kind: "file", filename: path, format: "raw", ...template } }];
}

function flashDrive(unit: number, filename: string, readOnly: boolean): DriveConfig {
  const image = { kind: "file", filename, format: "raw" } as const;
  return { id: `libvirt-pflash${unit}`, image, readOnly, option: filename };
}

/** Entropy, consoles, keyboards and channels. The first serial port is the board's own. */
function plainDevices(domain: XmlElement): DeviceConfig[] {
  const consoles = devicesOf(domain, "console").filter(
    (each) => find(each, "target")?.attributes.get("type") === "virtio",
  );
  return [
    ...devicesOf(domain, "rng").map(() => ({ kind: "virtio-rng" }) as const),
    ...consoles.map(() => ({ kind: "virtio-console" }) as const),
    // Other inputs are refused above.
    ...devicesOf(domain, "input").map(() => ({ kind: "virtio-keyboard" }) as const),
    ...channelsOf(domain),
  ];
}

/** @throws VmError configUnsupported in libvirt's words */
function balloonsOf(domain: XmlElement): DeviceConfig[] {
  const balloon = balloonOf(domain);
  if (!balloon) return [];
  const { attributes } = balloon;
  const model = attributes.get("model") ?? "";
  if (!VIRTIO_MODELS.includes(model)) {
    const words = `Memory balloon device type '${model}' is not supported by this version of qemu`;
    throw vmError("configUnsupported", words);
  }
  // No engine takes memory back, so that the guest's reports would be of no use.
  if (attributes.has("freePageReporting")) {
    throw vmError("configUnsupported", "freePageReporting is not supported by this QEMU binary");
  }
  return [
    {
      kind: "virtio-balloon",
      ...(model === MODERN && { disableLegacy: true }),
      ...(attributes.get("autodeflate") === "on" && { deflateOnOom: true }),
    },
  ];
}

/** One device for each controller that has channels. */
function channelsOf(domain: XmlElement): DeviceConfig[] {
  const ports = new Map<string, { name: string; number: number }[]>();
  for (const channel of devicesOf(domain, "channel")) {
    const address = find(channel, "address")?.attributes;
    const controller = address?.get("controller") ?? "0";
    const name = find(channel, "target")?.attributes.get("name") ?? "";
    const number = Number(address?.get("port") ?? 1);
    ports.set(controller, [...(ports.get(controller) ?? []), { name, number }]);
  }
  return [...ports.values()].map((each) => ({ kind: "virtio-serial", ports: each }));
}

/** @throws VmError configUnsupported */
export function actionOf(domain: XmlElement, name: "on_reboot" | "on_poweroff") {
  const action = textAt(domain, name);
  if (action === "destroy" || action === "restart") return action;
  if (action === undefined) return name === "on_reboot" ? "restart" : "destroy";
  throw vmError(
    "configUnsupported",
    `qemu driver doesn't support '${action}' action for '${name}'`,
  );
}

/** What happens after a crash; a dump cannot be made. @throws VmError configUnsupported */
export function crashAction(domain: XmlElement): "destroy" | "restart" | "preserve" {
  const action = textAt(domain, "on_crash") ?? "destroy";
  if (action === "destroy" || action === "restart" || action === "preserve") return action;
  throw vmError(
    "configUnsupported",
    `qemu driver doesn't support '${action}' action for 'on_crash'`,
  );
}
