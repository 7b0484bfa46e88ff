/** What is checked before anything is made (`--check`). */
import { type XmlElement, childElements, find, textAt } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { type Installer, hasInstallPhase } from "./installer.ts";
import { switchValue } from "../virtinst/numbers.ts";
import { isContainer, isHvm } from "../virtinst/platform.ts";
import type { Part } from "../virtinst/part.ts";
import { checkRoom } from "../virtinst/new-volume.ts";
import { hasMemory, hasStorage } from "./sizes.ts";
import { namesAndValues } from "../virtinst/suboptions.ts";

/** Names of checks that are off; `all` is every one. */
export type ChecksOff = ReadonlySet<string>;

const CHECKS = ["path_in_use", "disk_size", "path_exists", "mac_in_use", "all"];

/** @throws ToolError in the real tool's words */
export function parseChecks(given: Given): ChecksOff {
  const off = new Set<string>();
  for (const text of given.all("check")) {
    for (const [name, value] of namesAndValues(text)) {
      if (!CHECKS.includes(name)) throw new ToolError(`Unknown --check options: ['${name}']`);
      if (value === null) {
        throw new ToolError(`Error: --check ${text}: Option '${name}' had no value set.`);
      }
      const isOn = switchValue(value);
      if (isOn === undefined) throw new ToolError(`${name} must be 'yes' or 'no'`);
      if (isOn) off.delete(name);
      else off.add(name);
    }
  }
  return off;
}

/** @throws ToolError in the real tool's words */
export async function checkGuest(
  guest: Guest,
  given: Given,
  installer: Installer,
  off: ChecksOff,
): Promise<void> {
  const others = await otherDomains(guest);
  const fail = (name: string, message: string): void => {
    if (off.has(name) || off.has("all")) guest.around.warn(message);
    else {
      throw new ToolError(`${message} (Use --check ${name}=off or --check all=off to override)`);
    }
  };
  for (const disk of guest.devices("disk")) {
    checkDisk(guest, disk, others, fail);
    const creates = guest.sourceOf(disk).creates;
    // eslint-disable-next-line no-await-in-loop -- the first failure counts
    const tight = creates && (await checkRoom(guest.around, creates));
    if (tight !== undefined && !off.has("disk_size") && !off.has("all")) fail("disk_size", tight);
  }
  for (const nic of guest.devices("interface")) checkMac(nic, others, fail);
  checkRequired(guest, given, installer);
  warnOfUnknowns(guest, given);
}

type Fail = (check: string, message: string) => void;

async function otherDomains({ around: { connect } }: Guest): Promise<XmlElement[]> {
  const all = await connect.connectListAllDomains(0);
  return Promise.all(
    all.map(async (each) => parseXml(await connect.domainGetXMLDesc(each, 0), "domain")),
  );
}

function devicesOf(domain: XmlElement, kind: string): XmlElement[] {
  const devices = find(domain, "devices");
  return devices ? childElements(devices, kind) : [];
}

function checkDisk(guest: Guest, disk: Part, others: readonly XmlElement[], fail: Fail): void {
  const path = guest.sourceOf(disk).path;
  if (path === undefined) return;
  const isReadOnly = disk.value("readonly") === true;
  const isShared = disk.value("shareable") === true;
  const uses = (domain: XmlElement): boolean =>
    (!isReadOnly &&
      ["kernel", "initrd", "dtb"].some((name) => textAt(domain, "os", name) === path)) ||
    devicesOf(domain, "disk").some((other) => {
      const source = find(other, "source");
      const paths = ["file", "dev", "dir"].map((name) => source?.attributes.get(name));
      if (!paths.includes(path)) return false;
      if (isShared && find(other, "shareable")) return false;
      return !(isReadOnly && find(other, "readonly"));
    });
  const names = others.filter(uses).map((domain) => `'${textAt(domain, "name")}'`);
  if (names.length > 0) {
    fail("path_in_use", `Disk ${path} is already in use by other guests [${names.join(", ")}].`);
  }
}

function checkMac(nic: Part, others: readonly XmlElement[], fail: Fail): void {
  const mac = nic.get("mac/@address")?.toLowerCase();
  const isUsed = others.some((domain) =>
    devicesOf(domain, "interface").some(
      (other) => find(other, "mac")?.attributes.get("address")?.toLowerCase() === mac,
    ),
  );
  if (isUsed && mac !== undefined) {
    fail(
      "mac_in_use",
      `The MAC address '${nic.get("mac/@address")}' is in use by another virtual machine.`,
    );
  }
}

const METHODS = "--location URL, --cdrom CD/ISO, --pxe, --import, --boot hd|cdrom|...";

function checkRequired(guest: Guest, given: Given, installer: Installer): void {
  const missing: string[] = [];
  if (!hasMemory(guest)) missing.push("--memory amount in MiB is required");
  if (!hasStorage(guest, given)) {
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
