/** What is checked before anything is made (`--check`). */
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { type Installer, hasInstallPhase } from "./installer.ts";
import {
  type ChecksOff,
  allDomains,
  failCheck,
  macConflict,
  pathConflict,
} from "../virtinst/checks.ts";
import { isContainer, isHvm } from "../virtinst/platform.ts";
import { checkRoom } from "../virtinst/new-volume.ts";
import { hasMemory, hasStorage } from "./sizes.ts";

/** @throws ToolError in the real tool's words */
export async function checkGuest(
  guest: Guest,
  given: Given,
  installer: Installer,
  off: ChecksOff,
): Promise<void> {
  if (!installer.isReinstall) await checkDevices(guest, off);
  checkRequired(guest, given, installer);
  warnOfUnknowns(guest, given);
}

async function checkDevices(guest: Guest, off: ChecksOff): Promise<void> {
  const { around } = guest;
  const others = await allDomains(around);
  for (const disk of guest.devices("disk")) {
    const { path, creates } = guest.sourceOf(disk);
    const isReadOnly = disk.value("readonly") === true;
    const isShareable = disk.value("shareable") === true;
    const conflict =
      path === undefined ? undefined : pathConflict({ path, isReadOnly, isShareable }, others);
    if (conflict !== undefined) failCheck(around, off, "path_in_use", conflict);
    // eslint-disable-next-line no-await-in-loop -- the first failure counts
    const tight = creates && (await checkRoom(around, creates));
    if (tight !== undefined) failCheck(around, off, "disk_size", tight, { warnsWhenOff: false });
  }
  for (const nic of guest.devices("interface")) {
    const mac = nic.get("mac/@address");
    const conflict = mac === undefined ? undefined : macConflict(mac, others);
    if (conflict !== undefined) failCheck(around, off, "mac_in_use", conflict);
  }
}

const METHODS = "--location URL, --cdrom CD/ISO, --pxe, --import, --boot hd|cdrom|...";

function checkRequired(guest: Guest, given: Given, installer: Installer): void {
  const missing: string[] = [];
  if (!hasMemory(guest) && !installer.isReinstall)
    missing.push("--memory amount in MiB is required");
  if (!hasStorage(guest, given) && !installer.isReinstall) {
    missing.push("--disk storage must be specified (override with --disk none)");
  }
  if (!isContainer(guest) && !installer.hasNoInstall && !hasInstallPhase(installer)) {
    missing.push(`An install method must be specified\n(${METHODS})`);
  }
  if (missing.length > 0) throw new ToolError(missing.map((line) => `\n${line}`).join(""));
}

function warnOfUnknowns(guest: Guest, given: Given): void {
  const { os, around } = guest;
  const nics = guest.devices("interface");
  if (given.has("pxe") && nics.every((nic) => nic.get("@type") === "user")) {
    around.warn("The guest's network configuration may not support PXE");
  }
  if (os.name === "generic" && isHvm(guest)) {
    around.warn(
      "Using --osinfo generic, VM performance may suffer. Specify an accurate OS for optimal results.",
    );
  }
  const memory = guest.get("currentMemory");
  if (memory === undefined) return;
  const mib = BigInt(memory) / 1024n;
  if (os.minimumRamMib > 0) {
    if (BigInt(os.minimumRamMib) <= mib) return;
    around.warn(
      `Requested memory ${mib} MiB is less than the recommended ${os.minimumRamMib} MiB for OS ${os.name}`,
    );
  } else if (mib < 17n) {
    around.warn(`Requested memory ${mib} MiB is abnormally low. Were you trying to specify GiB?`);
  }
}
