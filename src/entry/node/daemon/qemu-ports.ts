/** Node's machines, files and facts for the driver of `qemu:///system`. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { cpus, freemem, hostname, totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DEFAULT_GUEST, EFI, readGuest } from "../../../../guests/index.ts";
import type { ImageSource } from "../../../api/types.ts";
import { openBootImage } from "../../../host/node/boot-image.ts";
import { nodeFiles } from "../../../host/node/image-files.ts";
import { systemReason } from "../../../host/node/system-reason.ts";
import { earlierPools } from "../../../host/node/earlier-pools.ts";
import { createOutputFile } from "../../../host/node/output-file.ts";
import { textFiles } from "../../../host/node/text-files.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import type { HostFacts, HostImages, QemuPorts } from "../../../virt/drivers/qemu/ports.ts";
import { probeVolume } from "../../../worker/storage/probe-volume.ts";
import { dataRoot, type Environment } from "../guest-disk.ts";
import { nodeStorage } from "../storage.ts";
import { Machine } from "../tabvisor.ts";
import { definitionsRoot, socketPath } from "./paths.ts";
import { randomMac } from "./random-mac.ts";

/** @param version of the program: `1.2.3` */
export function nodeQemuPorts(version: string, env: Environment = process.env): QemuPorts {
  return {
    createMachine: (config) => Machine.create(config),
    files: textFiles(definitionsRoot(env)),
    images: hostImages,
    host: hostFacts(version, env),
    createFile: createOutputFile,
    earlierPools: earlierPools(join(dataRoot(env), "storage")),
    openStorage: (usersOf, store) => nodeStorage(store, usersOf, env),
    nowMs: () => Date.now(),
    newUuid: () => randomUUID(),
    newMac: randomMac,
  };
}

const hostImages: HostImages = {
  bootImage: async (path, hold) => {
    await accessible(path);
    const { image, close } = await openBootImage(path);
    hold(close);
    return image;
  },
  defaultFirmware: async () => {
    const guest = readGuest(DEFAULT_GUEST);
    const boot = guest?.manifest.boot[guest.manifest.defaultBoot];
    const file = boot && guest?.manifest.files[boot.firmware];
    if (guest && file) return fileSource(join(guest.directory, file.path));
    throw vmError(
      "configUnsupported",
      `no firmware is there yet: run 'tabvisor guest build ${DEFAULT_GUEST}', or give <loader>`,
    );
  },
  read: async (path) => {
    await accessible(path);
    return new Uint8Array(await readFile(path));
  },
  check: accessible,
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  remove: async (path) => {
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw vmError("systemError", `failed to remove nvram: ${path}: ${systemReason(error)}`, {
        cause: error,
      });
    }
  },
  info: async (path) => {
    await accessible(path);
    const { capacityBytes, allocationBytes, physicalBytes } = await probeVolume(nodeFiles, path);
    return {
      capacity: BigInt(capacityBytes),
      allocation: BigInt(allocationBytes),
      physical: BigInt(physicalBytes),
    };
  },
};

function fileSource(path: string): ImageSource {
  return { kind: "url", name: basename(path), url: pathToFileURL(path).href };
}

/** @throws VmError systemError in libvirt's words */
async function accessible(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw vmError("systemError", `Cannot access storage file '${path}': ${systemReason(error)}`, {
      cause: error,
    });
  }
}

/** `uname -m` of Node's architectures, where the two differ. */
const MODELS: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
};

/** A file of the built firmware, or where it would be. */
function efiFile(role: "code" | "vars"): string {
  const guest = readGuest(EFI);
  const file = guest?.manifest.files[role];
  return guest && file ? join(guest.directory, file.path) : `/usr/share/qemu/edk2-riscv-${role}.fd`;
}

function hostFacts(version: string, env: Environment): HostFacts {
  const [major = 0, minor = 0, release = 0] = version.split(".").map((part) => parseInt(part, 10));
  const all = cpus();
  const count = Math.max(1, all.length);
  return {
    hostname: hostname(),
    emulator: "/usr/bin/qemu-system-riscv64",
    nvramFolder: join(dataRoot(env), "nvram"),
    channelFolder: join(dirname(socketPath(env)), "channel"),
    efiLoader: efiFile("code"),
    efiVars: efiFile("vars"),
    version: major * 1_000_000 + minor * 1000 + release,
    node: {
      model: MODELS[process.arch] ?? process.arch,
      memoryKib: Math.floor(totalmem() / 1024),
      cpus: count,
      mhz: all[0]?.speed ?? 0,
      nodes: 1,
      sockets: 1,
      cores: count,
      threads: 1,
    },
    freeMemory: () => BigInt(freemem()),
    cpuTimes: () =>
      cpus().map(({ times: { sys, irq, user, nice, idle } }) => ({
        kernelMs: sys + irq,
        userMs: user + nice,
        idleMs: idle,
      })),
  };
}
