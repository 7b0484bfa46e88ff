/** What a guest's first start needs beside its disks: kernel, RAM disk, a CD with its settings. */
import { injectFiles, type InjectedFile } from "../../archive/inject-files.ts";
import { writeIso, type IsoFile } from "../../archive/iso9660/write-iso.ts";
import { setSource } from "../virtinst/disk-parts.ts";
import { finishDevice } from "../virtinst/default-values.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import type { Part } from "../virtinst/part.ts";
import type { Meter } from "../virtinst/progress.ts";
import { cloudInitFiles } from "./cloud-init.ts";
import type { System } from "./detect-system.ts";
import type { InstallHost } from "./host.ts";
import type { Installer, TreeChoice } from "./installer.ts";
import type { Scratch } from "./scratch.ts";
import type { KernelPair } from "./tree/distributions.ts";
import { readHostFile } from "./tree/install-tree.ts";
import { preseed, profileOf } from "./unattended.ts";

export interface PreparedMedia {
  readonly kernel?: string;
  readonly initrd?: string;
  readonly args?: string;
  /** A CD with the guest's settings. */
  readonly seed?: { readonly path: string; readonly disk: Part };
  /** More than the guest has otherwise. */
  readonly memoryKib?: string;
}

export interface Site {
  readonly guest: Guest;
  readonly installer: Installer;
  readonly system: System;
  readonly host: InstallHost;
  readonly meter: Meter;
}

/** @throws ToolError in the real tool's words */
export async function prepareMedia(site: Site, scratch: Scratch): Promise<PreparedMedia> {
  const { guest, installer, host } = site;
  if (installer.tree) return prepareTree(site, installer.tree, scratch);
  if (installer.unattended) {
    profileOf(installer.unattended, guest);
    throw new ToolError(`OS '${guest.os.name}' does not support required injection method 'cdrom'`);
  }
  if (!installer.cloudInit) return {};
  const files = await cloudInitFiles(installer.cloudInit, host);
  return { seed: await makeSeed(guest, host, scratch, files) };
}

async function makeSeed(
  guest: Guest,
  host: InstallHost,
  scratch: Scratch,
  files: readonly IsoFile[],
): Promise<NonNullable<PreparedMedia["seed"]>> {
  const image = async (): Promise<Uint8Array> =>
    writeIso(files, { volumeId: "cidata", date: host.now() });
  const path = await scratch.put("cloudinit.iso", image);
  const disk = guest.domain.fresh("devices:disk");
  disk.set("@device", "cdrom");
  disk.set("@type", "file");
  setSource(guest, disk, { path, type: "file", format: "raw", exists: true });
  finishDevice(guest, "disk", disk);
  return { path, disk };
}

async function prepareTree(
  site: Site,
  choice: TreeChoice,
  scratch: Scratch,
): Promise<PreparedMedia> {
  const { guest, installer, host } = site;
  const { tree } = choice;
  const answers = installer.unattended && (await preseed(installer.unattended, guest, host));
  const args = kernelArgs(site, choice, answers?.args);
  const { kernel, initrd } = await findKernel(site, choice);
  const fetched = async (path: string): Promise<Uint8Array> => {
    site.meter.start(`Retrieving '${path.slice(path.lastIndexOf("/") + 1)}'`);
    const bytes = await tree.read(path);
    site.meter.update(bytes.length);
    site.meter.end();
    return bytes;
  };
  const injected = [...(await injections(choice, host)), ...(answers ? [answers.file] : [])];
  const withFiles = async (path: string): Promise<Uint8Array> => {
    const bytes = await fetched(path);
    if (injected.length === 0) return bytes;
    return injectFiles(bytes, injected, Math.floor(host.now().getTime() / 1000));
  };
  const memory = memoryForNetwork(guest, tree.kind);
  return {
    ...(kernel !== undefined && { kernel: await scratch.put(kernel, () => fetched(kernel)) }),
    ...(initrd !== undefined && { initrd: await scratch.put(initrd, () => withFiles(initrd)) }),
    args,
    ...(memory === undefined ? {} : { memoryKib: memory }),
  };
}

/** The first pair that is in the tree. @throws ToolError where none is */
async function findKernel(
  { system: { kernels } }: Site,
  { tree }: TreeChoice,
): Promise<Partial<KernelPair>> {
  for (const pair of kernels) {
    const paths = [pair.kernel, pair.initrd].filter((path) => path !== undefined);
    // eslint-disable-next-line no-await-in-loop -- the first one counts
    const areThere = await Promise.all(paths.map((path) => tree.has(path)));
    if (areThere.every(Boolean)) return pair;
  }
  throw new ToolError("Couldn't find kernel for install tree.");
}

async function injections(
  { injections: paths }: TreeChoice,
  host: InstallHost,
): Promise<InjectedFile[]> {
  const read = async (path: string): Promise<InjectedFile> => ({
    name: path.slice(path.lastIndexOf("/") + 1),
    bytes: await readHostFile(host, path),
  });
  return Promise.all(paths.map(read));
}

function kernelArgs(
  { guest }: Site,
  { tree, args, onlyArgs }: TreeChoice,
  unattended: string | undefined,
): string {
  const { treeArgument } = guest.os;
  const isNamed = tree.kind === "web" && treeArgument !== undefined;
  const own = unattended ?? (isNamed ? `${treeArgument}=${tree.location}` : undefined);
  const whole = onlyArgs ?? [...args, ...(own === undefined ? [] : [own])].join(" ");
  if (tree.kind === "folder" && whole === "") {
    guest.around.warn(
      "Directory tree installs typically do not work unless extra kernel args are passed to point " +
        "the installer at a network accessible install tree.",
    );
  }
  return whole;
}

/** Installers that load themselves from the network keep themselves in memory. */
function memoryForNetwork(guest: Guest, kind: TreeChoice["tree"]["kind"]): string | undefined {
  const { networkRamMib, name } = guest.os;
  const current = Number(guest.get("currentMemory") ?? 0);
  if ((kind !== "web" && kind !== "folder") || networkRamMib * 1024 <= current) return undefined;
  guest.around.warn(
    `Overriding memory to ${networkRamMib} MiB needed for ${name} network install.`,
  );
  return (networkRamMib * 1024).toString();
}
