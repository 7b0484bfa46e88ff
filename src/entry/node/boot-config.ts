import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuiltGuest,
  buildGuest,
  DEFAULT_GUEST,
  EFI,
  isCurrent,
  progressTo,
  readGuest,
} from "../../../guests/index.ts";
import { fastestAia } from "../../api/fastest-aia.ts";
import type { AiaKind, DriveConfig, ImageSource, MachineConfig } from "../../api/types.ts";
import type { FirmwareFile } from "../../protocol/machine-service.ts";
import type { GivenFirmwareFile } from "../../cli/system/firmware-files.ts";
import { DEFAULT_MEMORY_BYTES, type SystemOptions } from "../../cli/system/system-options.ts";
import { secretsOf } from "../../cli/image/secret-objects.ts";
import { CommandError } from "../../cli/image/tools.ts";
import { hostCrypto } from "../../host/web/crypto.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import type { SecretSpec } from "../../protocol/drive-spec.ts";
import { StorageError } from "../../storage/errors.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { onlyKeys, parseKeyed } from "../../cli/system/values.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { efiFlash } from "./efi-firmware.ts";
import { guestDisk } from "./guest-disk.ts";

/** What a guest or the command line gives to boot. */
type Boot = Partial<
  Pick<MachineConfig, "firmware" | "kernel" | "initrd" | "append" | "memoryBytes" | "drives">
>;

/**
 * The machine that a command line describes. Files are looked at, so that a wrong name is reported
 * with its option; a guest that is not built yet is built.
 *
 * @throws UsageError, or GuestError from the building of a guest
 */
export async function machineConfig(options: SystemOptions): Promise<MachineConfig> {
  const { name, vcpus, devices, drives, accelerator, jitThreshold, noReboot } = options;
  const guest = options.guest === undefined ? {} : await guestBoot(options.guest);
  const given = await givenBoot(options);
  const firmware = await firmwareOf(options, guest);
  const memoryBytes = options.memoryBytes ?? guest.memoryBytes ?? DEFAULT_MEMORY_BYTES;
  const onReboot = noReboot ? ("destroy" as const) : ("restart" as const);
  // Without the guest's own firmware: `-bios none` takes it away.
  const { firmware: _, drives: own = [], ...images } = guest;
  const machine = { name, vcpus, accelerator, onReboot, aia: aiaOf(options) };
  const efi = await efiOf(options);
  const firmwareFiles = await Promise.all(options.firmwareFiles.map(firmwareFile));
  const disks = {
    drives: [...own, ...drives, ...efi.drives],
    flash: [...options.flash, ...efi.flash],
    devices: [...own.map(({ id }) => ({ kind: "virtio-blk", drive: id }) as const), ...devices],
  };
  const threshold = jitThreshold === undefined ? {} : { jitThreshold };
  return {
    ...machine,
    ...threshold,
    ...disks,
    ...images,
    ...given,
    ...firmware,
    firmwareFiles,
    secrets: await secrets(options),
    memoryBytes,
  };
}

/** As under QEMU the PLIC, but for a built guest, all of whose parts know AIA. */
function aiaOf({ aia, guest, kernel, bios, vcpus }: SystemOptions): AiaKind {
  const wholeGuest = guest !== undefined && kernel === undefined && bios.kind === "default";
  return aia ?? (wholeGuest ? fastestAia(vcpus) : "none");
}

/** What a `-fw_cfg` option gives. A text has no NUL at its end, as under QEMU. */
async function firmwareFile(given: GivenFirmwareFile): Promise<FirmwareFile> {
  const { name, option } = given;
  if ("text" in given) return { name, bytes: new TextEncoder().encode(given.text) };
  try {
    return { name, bytes: new Uint8Array(await readFile(given.path)) };
  } catch (error) {
    throw new UsageError(`${option}: can't load ${given.path}: ${systemReason(error)}`);
  }
}

/** What `-object` gives. */
async function secrets({ objects }: SystemOptions): Promise<SecretSpec[]> {
  try {
    const keys = await secretsOf(objects, { files: nodeFiles, crypto: hostCrypto });
    return [...keys.secrets].map(([id, bytes]) => ({ id, bytes }));
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof StorageError)) throw error;
    throw new UsageError(`-object: ${error.message}`);
  }
}

async function efiOf({ efi, name }: SystemOptions) {
  return efi === undefined ? { drives: [], flash: [] } : efiFlash(await builtGuest(EFI), efi, name);
}

async function givenBoot(options: SystemOptions): Promise<Boot> {
  const { kernel, initrd, append } = options;
  return {
    ...(kernel !== undefined && { kernel: await fileImage("-kernel", kernel) }),
    ...(initrd !== undefined && { initrd: await fileImage("-initrd", initrd) }),
    ...(append !== undefined && { append }),
  };
}

async function firmwareOf(options: SystemOptions, guest: Boot): Promise<Boot> {
  const { bios } = options;
  if (bios.kind === "file") return { firmware: await fileImage("-bios", bios.path) };
  if (bios.kind === "none") return {};
  return { firmware: guest.firmware ?? defaultFirmware() };
}

/** As QEMU brings OpenSBI along, our default firmware is the built guest's OpenSBI. */
function defaultFirmware(): ImageSource {
  const guest = readGuest(DEFAULT_GUEST);
  const source = guest === null ? undefined : imagesOf(guest, undefined).firmware;
  if (source !== undefined) return source;
  throw new UsageError(
    `-bios default: no firmware is there yet: run 'tabvisor guest build ${DEFAULT_GUEST}', ` +
      "or give -bios FILE or -bios none",
  );
}

/** `NAME[,boot=VARIANT][,disk=FILE]`. */
async function guestBoot(text: string): Promise<Boot> {
  const list = parseKeyed(text);
  onlyKeys(`--guest ${text}`, list, ["boot", "disk"]);
  const name = list.head ?? "";
  const guest = await builtGuest(name);
  const variant = list.keys.get("boot");
  return { ...imagesOf(guest, variant), ...(await diskOf(guest, variant, list.keys.get("disk"))) };
}

async function builtGuest(name: string): Promise<BuiltGuest> {
  return readBuilt(name) ?? buildGuest(name, { progress: progressTo(process.stderr) });
}

/**
 * A guest that is built. One whose recipe has changed since still runs: to make it anew takes minutes,
 * needs a mirror, and would put another disk in the place of the user's.
 */
function readBuilt(name: string): BuiltGuest | null {
  const guest = readGuest(name);
  if (guest !== null && !isCurrent(name)) {
    process.stderr.write(
      `tabvisor system: warning: the guest ${name} was built by an earlier recipe: ` +
        `'tabvisor guest build ${name}' makes it anew\n`,
    );
  }
  return guest;
}

/** The disk of a guest that has one. What happens to it is said: it stays when the machine ends. */
async function diskOf(
  guest: BuiltGuest,
  variant: string | undefined,
  file: string | undefined,
): Promise<Boot> {
  const { name, boot, defaultBoot, files } = guest.manifest;
  const image = files[boot[variant ?? defaultBoot]?.disk ?? ""];
  if (image === undefined) {
    if (file === undefined) return {};
    throw new UsageError(`--guest ${name},disk=${file}: this guest has no disk`);
  }
  const { path, isNew } = await guestDisk(guest, image.path, file);
  if (isNew) process.stderr.write(`tabvisor system: ${name} has a new disk: ${path}\n`);
  const option = `--guest ${name}: ${path}`;
  const drive = { id: "guest", image: { kind: "file", filename: path, format: "qcow2" }, option };
  return { drives: [drive as DriveConfig] };
}

function imagesOf({ directory, manifest }: BuiltGuest, variant: string | undefined): Boot {
  const boot = manifest.boot[variant ?? manifest.defaultBoot];
  if (boot === undefined) {
    if (manifest.name === EFI) {
      throw new UsageError(`--guest ${EFI}: this is firmware: give --firmware efi`);
    }
    const known = Object.keys(manifest.boot).join(", ");
    throw new UsageError(`--guest ${manifest.name}: no boot '${variant}'; there are ${known}`);
  }
  const image = (role: string): ImageSource => {
    const file = manifest.files[role];
    if (file === undefined) {
      throw new UsageError(`--guest ${manifest.name}: its manifest names no file '${role}'`);
    }
    return sourceOf(join(directory, file.path), `${manifest.name}/${file.path}`);
  };
  return {
    firmware: image(boot.firmware),
    kernel: image(boot.kernel),
    initrd: image(boot.initrd),
    append: boot.append,
    memoryBytes: manifest.memory.usualBytes,
  };
}

async function fileImage(option: string, path: string): Promise<ImageSource> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new UsageError(`${option} ${path}: Is a directory`);
    if (info.isFile()) return sourceOf(resolve(path), path);
    // A pipe can be read once only, a machine that resets reads its images again.
    return { kind: "bytes", name: path, bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option} ${path}: ${systemReason(error)}`);
  }
}

function sourceOf(path: string, name: string): ImageSource {
  return { kind: "url", name, url: pathToFileURL(path).href };
}
