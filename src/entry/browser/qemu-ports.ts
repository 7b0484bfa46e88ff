/** This browser's machines, files and facts for the driver of `qemu:///system`. */
import type { ImageSource } from "../../api/types.ts";
import { earlierPools } from "../../host/browser/earlier-pools.ts";
import { opfsOutput } from "../../host/browser/opfs-output.ts";
import { opfsTexts, keepsFiles, sessionTexts } from "../../host/browser/opfs-texts.ts";
import {
  isServed,
  servedPlace,
  type ServedPlace,
  servedSize,
  servedUrl,
} from "../../host/browser/served-files.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { StorageError, strerror } from "../../storage/errors.ts";
import type { HostFacts, HostImages, QemuPorts } from "../../virt/drivers/qemu/ports.ts";
import { SERVED_ROOT } from "../../virt/served-path.ts";
import {
  browserStorage,
  sessionEngine,
  sessionStorageOf,
  type StorageEngine,
  workerEngine,
} from "./storage.ts";
import { Machine } from "./tabvisor.ts";

/** Where the driver's definitions are, as on a host with libvirt. */
const DEFINITIONS = "/etc/libvirt";
/** The guest that brings OpenSBI along. */
const FIRMWARE = `${SERVED_ROOT}shell/firmware.bin`;
const EFI_CODE = `${SERVED_ROOT}efi/code.fd`;
const EFI_VARS = `${SERVED_ROOT}efi/vars.fd`;

/** @param version of the program: `1.2.3` */
export async function browserQemuPorts(version: string): Promise<QemuPorts> {
  const keeps = await keepsFiles();
  const engine = keeps ? workerEngine() : sessionEngine();
  return {
    createMachine: (config) => Machine.create(config),
    files: keeps ? opfsTexts(DEFINITIONS) : sessionTexts(),
    images: hostImages(engine),
    host: hostFacts(version),
    ...(keeps && { createFile: opfsOutput }),
    ...(keeps && { earlierPools: earlierPools() }),
    openStorage: (usersOf, store) =>
      keeps ? browserStorage(store, usersOf, engine) : sessionStorageOf(store, usersOf, engine),
    nowMs: () => Date.now(),
    newUuid: () => crypto.randomUUID(),
    newMac: randomMac,
  };
}

/** In QEMU's range. */
export function randomMac(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(3))];
  return ["52", "54", "00", ...bytes.map((each) => each.toString(16).padStart(2, "0"))].join(":");
}

function hostImages(openEngine: () => Promise<StorageEngine>): HostImages {
  return {
    bootImage: async (path) => (await servedSource(path)) ?? readSource(await openEngine(), path),
    defaultFirmware: async () => {
      const source = await servedSource(FIRMWARE);
      if (source) return source;
      throw vmError("configUnsupported", `no firmware is served, give <loader>`);
    },
    read: async (path) => {
      const source = await servedSource(path);
      if (source?.kind !== "url") return (await openEngine()).readFile(path);
      return new Uint8Array(await (await fetch(source.url)).arrayBuffer());
    },
    check: async (path) => {
      const place = servedPlace(path);
      if (place ? await isServed(place) : await (await openEngine()).isFile(path)) return;
      throw notThere(path);
    },
    exists: async (path) => {
      const place = servedPlace(path);
      return place ? isServed(place) : (await openEngine()).isFile(path);
    },
    remove: async (path) => (await openEngine()).removeFile(path),
    info: async (path) => {
      const facts = await (await openEngine()).statFile(path);
      return {
        capacity: BigInt(facts.capacityBytes),
        allocation: BigInt(facts.allocationBytes),
        physical: BigInt(facts.physicalBytes),
      };
    },
  };
}

async function readSource(engine: StorageEngine, path: string): Promise<ImageSource> {
  return { kind: "bytes", name: path, bytes: await engine.readFile(path) };
}

async function servedSource(path: string): Promise<ImageSource | null> {
  const place = servedPlace(path);
  if (!place) return null;
  const [url, sizeBytes] = await Promise.all([urlOf(place, path), servedSize(place)]);
  // It comes packed: its length is not that of the answer.
  return { kind: "url", name: path, url, ...(sizeBytes !== undefined && { sizeBytes }) };
}

/** @throws VmError systemError */
async function urlOf(place: ServedPlace, path: string): Promise<string> {
  try {
    return await servedUrl(place);
  } catch (error) {
    throw notThere(path, error);
  }
}

/** In libvirt's words. */
function notThere(path: string, cause?: unknown): Error {
  const errno = cause instanceof StorageError ? cause.errno : "ENOENT";
  const what = `Cannot access storage file '${path}': ${strerror(errno)}`;
  return vmError("systemError", what, { cause });
}

/** Not in the compiler's library. */
interface DeviceNavigator extends Navigator {
  /** GiB, rounded; Chromium. */
  readonly deviceMemory?: number;
}

const GIB_KIB = 2 ** 20;
/** Where the browser does not say. */
const USUAL_MEMORY_GIB = 4;

function hostFacts(version: string): HostFacts {
  const [major = 0, minor = 0, release = 0] = version.split(".").map((part) => parseInt(part, 10));
  const { hardwareConcurrency, deviceMemory } = navigator as DeviceNavigator;
  const memoryKib = (deviceMemory ?? USUAL_MEMORY_GIB) * GIB_KIB;
  const cpus = Math.max(1, hardwareConcurrency);
  return {
    hostname: location.hostname,
    emulator: "/usr/bin/qemu-system-riscv64",
    nvramFolder: "/var/lib/libvirt/qemu/nvram",
    channelFolder: "/run/libvirt/qemu/channel",
    efiLoader: EFI_CODE,
    efiVars: EFI_VARS,
    version: major * 1_000_000 + minor * 1000 + release,
    // A browser tells nothing of the processors but their number.
    node: {
      model: "wasm32",
      memoryKib,
      cpus,
      mhz: 0,
      nodes: 1,
      sockets: 1,
      cores: cpus,
      threads: 1,
    },
    freeMemory: () => null,
  };
}
