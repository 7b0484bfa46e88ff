/** The system that an installation's medium has. */
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import type { InstallHost } from "./host.ts";
import type { Installer, TreeChoice } from "./installer.ts";
import { detectTree, notInstallable } from "./tree/detect.ts";
import { type KernelPair, releaseOfLabel } from "./tree/distributions.ts";
import { cdTree } from "./tree/install-tree.ts";

export interface System {
  /** The release's name, where the medium tells it. */
  readonly osName: string | undefined;
  /** Where the tree's kernel and RAM disk may be. */
  readonly kernels: readonly Partial<KernelPair>[];
}

/** @throws ToolError where a tree is none, in the real tool's words */
export async function detectSystem(
  installer: Installer,
  guest: Guest,
  host: InstallHost,
): Promise<System> {
  if (installer.tree) return detectInTree(installer.tree, guest);
  return { osName: await releaseOfCd(installer, host), kernels: [] };
}

async function detectInTree({ tree, kernel }: TreeChoice, guest: Guest): Promise<System> {
  if (tree.kind === "files") return { osName: undefined, kernels: kernel ? [kernel] : [] };
  const arch = guest.get("os:type/@arch") ?? "";
  const found = await detectTree(tree, arch, guest.os.distro);
  if (kernel) return { osName: found?.osName, kernels: [kernel] };
  if (found) return found;
  throw new ToolError(`Error validating install location: ${await notInstallable(tree)}`);
}

/** A CD of another computer, or a device, tells nothing. */
async function releaseOfCd({ cdrom }: Installer, host: InstallHost): Promise<string | undefined> {
  if (cdrom === undefined || (await host.pathKind(cdrom)) !== "file") return undefined;
  const tree = await cdTree(host, cdrom);
  await tree.close();
  return releaseOfLabel(tree.label);
}
