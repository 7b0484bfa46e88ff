/** `virt-clone`: a guest like another, with disks of its own. */
import type { XmlElement } from "../../virt/xml/element.ts";
import type { Given } from "../virtinst/arguments.ts";
import {
  type ChecksOff,
  allDomains,
  failCheck,
  macConflict,
  parseChecks,
  pathConflict,
} from "../virtinst/checks.ts";
import { NO_SOURCE } from "../virtinst/disk-source.ts";
import { ToolError } from "../virtinst/errors.ts";
import { type Guest, type Surroundings, surroundings } from "../virtinst/guest.ts";
import { helpText } from "../virtinst/help-text.ts";
import { parseGuest } from "../virtinst/parse-guest.ts";
import { Meter } from "../virtinst/progress.ts";
import { VERSION, runTool, toolLog } from "../virtinst/run-tool.ts";
import { type CloneDisk, checkDisk, cloneDiskOf, setNewPath } from "./clone-disk.ts";
import { GROUPS, USAGE, parseCommandLine } from "./command-line.ts";
import { duplicate } from "./duplicate.ts";
import type { CloneHost } from "./host.ts";
import { cloneOf, originalXml } from "./original.ts";
import { type Cloning, isTaken, prepareClone } from "./prepare.ts";

const TOOL = {
  name: "virt-clone",
  usage: USAGE,
  interrupted: "Installation aborted at user request",
};

const PURPOSE =
  "Make a guest like another one: with its own name, UUID, network addresses and disks. What is on\n" +
  "the disks stays as it is.";

/** @returns the exit status */
export function virtClone(args: readonly string[], host: CloneHost): Promise<number> {
  return runTool(TOOL, host, () => run(parseCommandLine(args), host));
}

async function run(given: Given, host: CloneHost): Promise<number> {
  if (given.has("help")) {
    host.out(helpText(USAGE, PURPOSE, GROUPS, []));
    return 0;
  }
  if (given.has("version")) {
    host.out(`${VERSION}\n`);
    return 0;
  }
  const isQuiet = given.has("quiet") || given.has("print-xml");
  const log = toolLog(host, TOOL.name, { isQuiet, isDebugging: given.has("debug") });
  if (given.has("force") && !given.has("check")) given.replace("check", ["all=off"]);
  const off = parseChecks(given);
  if (given.has("prompt")) log.warn("--prompt mode is no longer supported.");
  const connect = await host.connect(given.text("connect"));
  try {
    const around = await surroundings(host, connect, log);
    const cloning = await chosenClone(given, around, host, off);
    if (given.has("print-xml")) host.out(`${cloning.guest.toXml()}\n`);
    if (given.has("print-xml") && !given.has("__test-nodry")) return 0;
    await duplicate(cloning, new Meter(host, isQuiet));
    log.say(`\nClone '${cloning.guest.get("name")}' created successfully.`);
    return 0;
  } finally {
    await connect.close();
  }
}

/** All that is chosen before anything is made. @throws ToolError in the real tool's words */
async function chosenClone(
  given: Given,
  around: Surroundings,
  host: CloneHost,
  off: ChecksOff,
): Promise<Cloning> {
  if (!given.has("file") && !given.has("auto-clone")) {
    throw new ToolError(
      "Either --auto-clone or --file is required, use '--auto-clone or --file' and try again.",
    );
  }
  const xml = await sourceXml(given, around, host);
  around.debug(`Original XML:\n${xml}`);
  const others = await allDomains(around);
  const original = parseGuest(around, xml);
  const cloning: Cloning = {
    original,
    guest: await cloneOf(around, xml, others),
    host,
    disks: await chosenDisks(given, original),
    nvram: await nvramDisk(given, original),
    newNvram: given.text("nvram"),
    isSparse: !given.has("nonsparse"),
    isReflink: given.has("reflink"),
    replaces: given.has("replace"),
  };
  nameClone(given, cloning.guest);
  chooseMacs(given, cloning.guest, others, off);
  await chooseFiles(given, cloning);
  await prepareClone(cloning);
  await checkDisks(cloning, others, off);
  around.debug(`Clone XML:\n${cloning.guest.toXml()}`);
  return cloning;
}

async function sourceXml(given: Given, around: Surroundings, host: CloneHost): Promise<string> {
  const file = given.text("original-xml");
  if (file !== undefined) return host.readText(file);
  const name = given.text("original");
  if (name === undefined) {
    throw new ToolError(
      "An original machine name is required, use '--original src_name' and try again.",
    );
  }
  return originalXml(around, name);
}

async function chosenDisks(given: Given, original: Guest): Promise<CloneDisk[]> {
  const disks: CloneDisk[] = [];
  for (const part of original.devices("disk")) {
    // eslint-disable-next-line no-await-in-loop -- their folders may become one pool
    const disk = await cloneDiskOf(original, part);
    const target = disk.target ?? "";
    if (given.all("force-copy").includes(target)) disk.action = "clone";
    if (given.all("skip-copy").includes(target)) disk.action = "share";
    if (given.has("preserve-data") && disk.action !== "share") disk.action = "preserve";
    disks.push(disk);
  }
  return disks;
}

async function nvramDisk(given: Given, original: Guest): Promise<CloneDisk | undefined> {
  const path = original.get("os:nvram");
  if (path === undefined) return undefined;
  const part = original.domain.fresh("devices:disk");
  part.set("@type", "file");
  part.set("source:@file", path);
  const disk = await cloneDiskOf(original, part);
  if (given.has("preserve-data")) disk.action = "preserve";
  return disk;
}

function nameClone(given: Given, clone: Guest): void {
  const uuid = given.text("uuid");
  if (uuid !== undefined) clone.set("uuid", uuid);
  const name = given.text("name");
  if (name !== undefined) clone.set("name", name);
  else if (!given.has("auto-clone")) {
    throw new ToolError(
      "A name is required for the new virtual machine, use '--name NEW_VM_NAME' to specify one.",
    );
  }
}

function chooseMacs(
  given: Given,
  clone: Guest,
  others: readonly XmlElement[],
  off: ChecksOff,
): void {
  const macs = given.all("mac");
  if (macs.length === 0 || macs[0] === "RANDOM") return;
  for (const mac of macs) {
    const conflict = macConflict(mac, others);
    if (conflict !== undefined) failCheck(clone.around, off, "mac_in_use", conflict);
  }
  const nics = clone.devices("interface");
  if (nics.length > macs.length) throw new ToolError("pop from empty list");
  for (const [index, nic] of nics.entries()) nic.set("mac/@address", macs[index]);
}

async function chooseFiles(given: Given, cloning: Cloning): Promise<void> {
  const paths = given.all("file");
  for (const disk of cloning.disks.filter(({ action }) => action !== "share")) {
    const path = paths.shift();
    if (path === undefined && given.has("auto-clone")) return;
    // eslint-disable-next-line no-await-in-loop -- a path may be that of an earlier disk
    await setNewPath(disk, disk.source.path === undefined ? undefined : path, cloning);
    checkDisk(disk);
  }
}

async function checkDisks(
  { guest, disks }: Cloning,
  others: readonly XmlElement[],
  off: ChecksOff,
): Promise<void> {
  for (const disk of disks) {
    checkDisk(disk);
    const { source = NO_SOURCE, tight } = disk.new ?? {};
    if (source.path === undefined) continue;
    // eslint-disable-next-line no-await-in-loop -- the first failure counts
    if (disk.action !== "preserve" && (await isTaken(guest, source.path))) {
      const message = `This will overwrite the existing path '${source.path}'`;
      failCheck(guest.around, off, "path_exists", message);
    }
    const use = { path: source.path, isReadOnly: false, isShareable: false };
    const conflict = pathConflict(use, others);
    if (conflict !== undefined) failCheck(guest.around, off, "path_in_use", conflict);
    if (tight !== undefined) {
      failCheck(guest.around, off, "disk_size", tight, { warnsWhenOff: false });
    }
  }
}
