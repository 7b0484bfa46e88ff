import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuiltGuest,
  buildGuest,
  DEFAULT_GUEST,
  progressTo,
  readGuest,
} from "../../../guests/index.ts";
import type { ImageSource, MachineConfig } from "../../api/types.ts";
import { DEFAULT_MEMORY_BYTES, type SystemOptions } from "../../cli/system/system-options.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { onlyKeys, parseKeyed } from "../../cli/system/values.ts";
import { systemReason } from "../../host/node/system-reason.ts";

/** What a guest or the command line gives to boot. */
type Boot = Partial<
  Pick<MachineConfig, "firmware" | "kernel" | "initrd" | "append" | "memoryBytes">
>;

/**
 * The machine that a command line describes. Files are looked at, so that a wrong name is reported
 * with its option; a guest that is not built yet is built.
 *
 * @throws UsageError, or GuestError from the building of a guest
 */
export async function machineConfig(options: SystemOptions): Promise<MachineConfig> {
  const { name, vcpus, devices, drives, accelerator, aia, jitThreshold, noReboot } = options;
  const guest = options.guest === undefined ? {} : await guestBoot(options.guest);
  const given = await givenBoot(options);
  const firmware = await firmwareOf(options, guest);
  const memoryBytes = options.memoryBytes ?? guest.memoryBytes ?? DEFAULT_MEMORY_BYTES;
  const onReboot = noReboot ? ("destroy" as const) : ("restart" as const);
  // Without the guest's own firmware: `-bios none` takes it away.
  const { firmware: _, ...images } = guest;
  const machine = { name, vcpus, devices, drives, accelerator, onReboot, ...(aia && { aia }) };
  const threshold = jitThreshold === undefined ? {} : { jitThreshold };
  return { ...machine, ...threshold, ...images, ...given, ...firmware, memoryBytes };
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

/** `NAME[,boot=VARIANT]`. */
async function guestBoot(text: string): Promise<Boot> {
  const list = parseKeyed(text);
  onlyKeys(`--guest ${text}`, list, ["boot"]);
  const name = list.head ?? "";
  const guest =
    readGuest(name) ?? (await buildGuest(name, { progress: progressTo(process.stderr) }));
  return imagesOf(guest, list.keys.get("boot"));
}

function imagesOf({ directory, manifest }: BuiltGuest, variant: string | undefined): Boot {
  const boot = manifest.boot[variant ?? manifest.defaultBoot];
  if (boot === undefined) {
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
