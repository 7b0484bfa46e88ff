/** How the guest comes by its system: from a CD, a kernel, the network, or a disk that has one. */
import type { Given } from "../virtinst/arguments.ts";
import { sourceAt } from "../virtinst/disk-source.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Surroundings } from "../virtinst/guest.ts";
import { osByName } from "../../virt/os-table.ts";
import { type CloudInit, parseCloudInit } from "./cloud-init.ts";
import type { InstallHost } from "./host.ts";
import { INSTALL, LOCATION, type MethodOptions, methodOptions } from "./method-options.ts";
import type { KernelPair } from "./tree/distributions.ts";
import {
  type InstallTree,
  cdTree,
  folderTree,
  isWebAddress,
  looseFiles,
  webTree,
} from "./tree/install-tree.ts";
import { type Unattended, parseUnattended } from "./unattended.ts";

/** A tree with a kernel, or a kernel alone. */
export interface TreeChoice {
  readonly tree: InstallTree;
  /** What options name. */
  readonly kernel: Partial<KernelPair> | undefined;
  /** For the kernel, beside what the tree needs. */
  readonly args: readonly string[];
  /** For the kernel, instead of all others. */
  readonly onlyArgs: string | undefined;
  /** Files that are put into the RAM disk. */
  readonly injections: readonly string[];
}

export interface Installer {
  readonly cdrom?: string;
  readonly tree?: TreeChoice;
  readonly bootDevice?: string;
  readonly hasNoInstall: boolean;
  readonly cloudInit?: CloudInit;
  readonly unattended?: Unattended;
  /** The guest is there already: only what installs its system anew is changed. */
  readonly isReinstall: boolean;
}

/** Whether the guest's first start differs from those that follow. */
export function hasInstallPhase(installer: Installer): boolean {
  if (installer.hasNoInstall) return false;
  return Boolean(installer.cdrom ?? installer.bootDevice ?? installer.tree);
}

/** The CD's image that the installation starts from, or reads. */
export function mediumOf({ cdrom, tree }: Installer): string | undefined {
  return tree?.tree.kind === "cd" ? tree.tree.location : cdrom;
}

/** @throws ToolError in the real tool's words */
export async function buildInstaller(
  given: Given,
  around: Surroundings,
  host: InstallHost,
): Promise<Installer> {
  const install = methodOptions(INSTALL, given.text("install") ?? "");
  const unattended = parseUnattended(given);
  const method = await chooseMethod(given, install, around, host);
  if (!method.tree) refuseTreeOptions(given, install);
  const cloudInit = parseCloudInit(given, host, around.warn);
  return {
    ...method,
    ...(unattended && { unattended }),
    ...(cloudInit && { cloudInit }),
    isReinstall: given.has("reinstall"),
  };
}

function refuseTreeOptions(given: Given, install: MethodOptions): void {
  const adds = install.has("kernel_args") && install.get("kernel_args_overwrite") !== "yes";
  if (given.has("extra-args") || adds) {
    throw new ToolError("Kernel arguments are only supported with location or kernel installs.");
  }
  if (given.has("initrd-inject")) {
    throw new ToolError("Install method does not support initrd injections.");
  }
}

type Method = Pick<Installer, "cdrom" | "tree" | "bootDevice" | "hasNoInstall">;

/** Without an installation of its own, a guest is defined as if its disk had a system. */
const NEEDS_NO_METHOD = ["import", "print-xml", "print-step", "boot", "cloud-init", "unattended"];

async function chooseMethod(
  given: Given,
  install: MethodOptions,
  around: Surroundings,
  host: InstallHost,
): Promise<Method> {
  const hasNoInstall = install.get("no_install") === "yes";
  const [os, location] = [install.get("os"), given.text("location")];
  if (os !== undefined) {
    throw new ToolError(`OS '${osByName(os).name}' does not have a URL location`);
  }
  if (location !== undefined) {
    return { tree: await treeOf(location, given, install, around, host), hasNoInstall };
  }
  const cdrom = given.text("cdrom");
  if (cdrom !== undefined) {
    return {
      cdrom: await checkMedia(around, cdrom),
      bootDevice: "cdrom",
      hasNoInstall: hasNoInstall || given.has("livecd"),
    };
  }
  if (install.has("kernel") || install.has("initrd")) {
    return { tree: choiceOf(looseFiles(host), kernelOf(install), given, install), hasNoInstall };
  }
  const bootDevice = given.has("pxe") ? "network" : install.get("bootdev");
  if (bootDevice !== undefined) return { bootDevice, hasNoInstall };
  const isOpen = given.text("install") === undefined;
  return {
    hasNoInstall: hasNoInstall || (isOpen && NEEDS_NO_METHOD.some((name) => given.has(name))),
  };
}

function kernelOf(options: MethodOptions): Partial<KernelPair> | undefined {
  const [kernel, initrd] = [options.get("kernel"), options.get("initrd")];
  if (kernel === undefined && initrd === undefined) return undefined;
  return { ...(kernel !== undefined && { kernel }), ...(initrd !== undefined && { initrd }) };
}

function choiceOf(
  tree: InstallTree,
  kernel: TreeChoice["kernel"],
  given: Given,
  install: MethodOptions,
): TreeChoice {
  const own = install.get("kernel_args");
  return {
    tree,
    kernel,
    args: own === undefined ? given.all("extra-args") : [],
    onlyArgs: own,
    injections: given.all("initrd-inject"),
  };
}

/** @throws ToolError in the real tool's words */
async function treeOf(
  text: string,
  given: Given,
  install: MethodOptions,
  around: Surroundings,
  host: InstallHost,
): Promise<TreeChoice> {
  const options = methodOptions(LOCATION, text);
  const kernel = kernelOf(options);
  const location = options.get("location");
  if (location === undefined) {
    throw new ToolError("location kernel/initrd may only be specified with a location URL/path");
  }
  if (kernel && (kernel.kernel === undefined || kernel.initrd === undefined)) {
    throw new ToolError("location kernel/initrd must be be specified as a pair");
  }
  const own = kernelOf(install);
  if (own) return choiceOf(looseFiles(host), own, given, install);
  return choiceOf(await openTree(location, around, host), kernel, given, install);
}

async function openTree(
  location: string,
  around: Surroundings,
  host: InstallHost,
): Promise<InstallTree> {
  if ((await host.pathKind(location)) === "directory") {
    return folderTree(host, host.absolutePath(location));
  }
  if (isWebAddress(location)) return webTree(host, location);
  return cdTree(host, await checkMedia(around, location));
}

/** @throws ToolError in the real tool's words */
async function checkMedia(around: Surroundings, path: string): Promise<string> {
  try {
    const source = await sourceAt(around, path);
    if (source.exists) return source.path ?? path;
    throw new Error(
      `Must specify storage creation parameters for non-existent path '${source.path}'.`,
    );
  } catch (error) {
    throw new ToolError(`Validating install media '${path}' failed: ${messageOf(error)}`);
  }
}
