/** Makes the virtio devices that a machine's definition names. */
import type {
  BlockBackend,
  CharBackend,
  Clock,
  Entropy,
  GuestMemory,
  Trace,
} from "../device/ports.ts";
import { VirtioBalloon } from "../device/virtio/balloon/virtio-balloon.ts";
import { VirtioBlk } from "../device/virtio/blk/virtio-blk.ts";
import { VirtioConsole } from "../device/virtio/console/virtio-console.ts";
import { MAX_SERIAL_PORTS, VirtioSerial } from "../device/virtio/console/virtio-serial.ts";
import { KEYBOARD_CLASS, keyboardConfig } from "../device/virtio/input/keyboard.ts";
import { VirtioInput } from "../device/virtio/input/virtio-input.ts";
import { VirtioRng } from "../device/virtio/rng/virtio-rng.ts";
import { VirtioScsi } from "../device/virtio/scsi/virtio-scsi.ts";
import type {
  BalloonSpec,
  BlkSpec,
  DeviceSpec,
  KeyboardSpec,
  ScsiSpec,
  SerialSpec,
  VirtioAttachment,
} from "../protocol/machine-service.ts";
import { vmError } from "../protocol/vm-error.ts";
import type { KeyInput } from "./key-input.ts";
import { ScsiBus } from "./scsi-bus.ts";
import type { AttachedDevice } from "./virtio-places.ts";

/** What is behind the devices. */
export interface DeviceBackends {
  readonly entropy: Entropy;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly memory: GuestMemory;
  /** All of the guest's memory. */
  readonly ramBytes: number;
  /** Hears that the balloon has left the guest another amount of memory, in bytes. */
  readonly balloonChanged?: (actualBytes: number) => void;
  /** The far side of the n-th virtio-console; output is dropped where there is none. */
  readonly console?: (index: number) => CharBackend | undefined;
  /** The far side of the n-th port of all virtio-serial devices; output is dropped where there is none. */
  readonly channel?: (index: number) => CharBackend | undefined;
  /** Hears that the guest has opened the n-th port, or closed it. */
  readonly channelOpened?: (index: number, isOpen: boolean) => void;
  /** Who presses the keys of keyboards. */
  readonly keys?: KeyInput;
  /** Images by the ids of their drives. */
  readonly drives?: ReadonlyMap<string, BlockBackend>;
  readonly vcpus: number;
}

/** Room for an item of virtio-input's configuration (virtio 1.3 §5.8.4). */
const MAX_SERIAL_CHARACTERS = 128;
/** Most request queues that a device gets by itself. */
const MOST_QUEUES = 16;

/** One device for each entry, in the same order. @throws VmError configUnsupported */
export function virtioDevices(
  specs: readonly DeviceSpec[],
  backends: DeviceBackends,
): AttachedDevice[] {
  let consoles = 0;
  let channels = 0;
  const make = (at: DeviceSpec): AttachedDevice => {
    const { entropy, trace, console } = backends;
    switch (at.kind) {
      case "virtio-rng":
        return { device: new VirtioRng({ entropy, trace }), at };
      case "virtio-console": {
        const backend = console?.(consoles++) ?? NO_BACKEND;
        return { device: new VirtioConsole({ backend, trace }), at };
      }
      case "virtio-balloon":
        return { device: balloon(at, backends), at };
      case "virtio-keyboard":
        return { device: keyboard(at, backends), at };
      case "virtio-serial": {
        const first = channels;
        channels += at.ports.length;
        return { device: serialPorts(at, backends, first), at };
      }
      case "virtio-blk":
        return { device: blk(at, backends), at };
      case "virtio-scsi":
        return scsi(at, backends);
    }
  };
  if (specs.filter(({ kind }) => kind === "virtio-balloon").length > 1) {
    throw vmError("configUnsupported", "Only one balloon device is supported");
  }
  return specs.map(make);
}

function balloon({ deflateOnOom = false }: BalloonSpec, backends: DeviceBackends): VirtioBalloon {
  const { balloonChanged, ramBytes } = backends;
  const ports = { ...backends, ...(balloonChanged && { changed: balloonChanged }) };
  return new VirtioBalloon(ports, { ramBytes, deflateOnOom });
}

/** @throws VmError configUnsupported for a serial number that is none */
function keyboard({ serial = "" }: KeyboardSpec, { keys, trace }: DeviceBackends): VirtioInput {
  if (serial.length > MAX_SERIAL_CHARACTERS || !/^[\x20-\x7e]*$/.test(serial)) {
    throw vmError("configUnsupported", `a keyboard cannot have the serial number '${serial}'`);
  }
  const config = keyboardConfig(serial);
  const model = { name: "virtio-keyboard", pciClass: KEYBOARD_CLASS, config };
  const listens = (device: VirtioInput, isListening: boolean): void =>
    keys?.listens(device, isListening);
  return new VirtioInput(model, { trace, listens });
}

/** @throws VmError configUnsupported for numbers that a device does not have */
function serialPorts(
  { ports }: SerialSpec,
  { channel, channelOpened, trace }: DeviceBackends,
  first: number,
): VirtioSerial {
  const taken = new Set<number>();
  for (const { name, number } of ports) {
    if (number < 1 || number >= MAX_SERIAL_PORTS || taken.has(number)) {
      throw vmError("configUnsupported", `channel '${name}' cannot have port ${number}`);
    }
    taken.add(number);
  }
  return new VirtioSerial({
    ports: ports.map((port, i) => ({ ...port, backend: channel?.(first + i) ?? NO_BACKEND })),
    trace,
    opened: (number, isOpen) => {
      const at = ports.findIndex((port) => port.number === number);
      channelOpened?.(first + at, isOpen);
    },
  });
}

function blk(spec: BlkSpec & VirtioAttachment, backends: DeviceBackends): VirtioBlk {
  const { serial = "" } = spec;
  const ports = { backend: driveOf(spec.drive, backends), trace: backends.trace };
  return new VirtioBlk(ports, { serial, queues: queuesOf(spec, backends) });
}

function scsi(spec: ScsiSpec & VirtioAttachment, backends: DeviceBackends): AttachedDevice {
  const device = new VirtioScsi({ queues: queuesOf(spec, backends) });
  const bus = new ScsiBus(spec.id, device, backends.trace);
  for (const unit of spec.units) bus.plug(unit, backends.drives?.get(unit.drive ?? "") ?? null);
  return { device, at: spec, bus };
}

function driveOf(id: string, { drives }: DeviceBackends): BlockBackend {
  const backend = drives?.get(id);
  if (!backend)
    throw vmError("configUnsupported", `drive '${id}': Device needs media, but drive is empty`);
  return backend;
}

/** As under QEMU: on PCI, where every queue has a vector, one for each vCPU. */
function queuesOf(
  { queues, transport }: VirtioAttachment & { readonly queues?: number },
  { vcpus }: DeviceBackends,
): number {
  return queues ?? (transport === "mmio" ? 1 : Math.min(vcpus, MOST_QUEUES));
}

/** Takes everything and never speaks. */
const NO_BACKEND: CharBackend = {
  write: (bytes) => bytes.length,
  read: () => new Uint8Array(0),
  attach: () => {},
};
