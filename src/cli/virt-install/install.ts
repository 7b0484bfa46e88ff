/** The installation itself: volumes, the guest's first start, and what is told when it fails. */
import { VmError } from "../../protocol/vm-error.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { createVolume } from "../virtinst/new-volume.ts";
import type { Meter } from "../virtinst/progress.ts";
import { consoleKind, warnOfSilentCd } from "./autoconsole.ts";
import { followInstall } from "./follow-install.ts";
import { CrashedError } from "./installed-domain.ts";
import { phasesOf } from "./phases.ts";
import { type Site, prepareMedia } from "./prepare-media.ts";
import { UploadedScratch } from "./scratch.ts";

export interface Installation extends Site {
  readonly given: Given;
  /** The stored definition of a guest that gets its system anew. */
  readonly before: string | undefined;
}

/** @returns the exit status @throws ToolError */
export async function startInstall(installation: Installation): Promise<number> {
  const { guest, installer, given, meter } = installation;
  const kind = consoleKind(guest, installer, given);
  warnOfSilentCd(guest, installer, kind);
  if (kind === "none" && !given.has("autoconsole") && !given.has("wait")) {
    guest.around.warn("No console to launch for the guest, defaulting to --wait -1");
    given.replace("wait", ["-1"]);
  }
  guest.around.say("\nStarting install...");
  await tellPassword(installation);
  const scratch = new UploadedScratch(guest.around, meter);
  try {
    const domain = await create(installation, scratch);
    return await followInstall(installation, domain, kind);
  } catch (error) {
    return tellFailure(installation, error);
  } finally {
    await scratch.clear();
  }
}

const READING_MS = 10_000;

async function tellPassword({ installer, host }: Installation): Promise<void> {
  const password = installer.cloudInit?.generatedPassword;
  if (password === undefined) return;
  host.out(`Password for first root login is: ${password}\n`);
  if (!host.hasTerminal()) return;
  host.out("Installation will continue in 10 seconds (press Enter to skip)...");
  await host.enterKey(READING_MS);
}

function tellFailure({ guest, host }: Installation, error: unknown): number {
  if (!(error instanceof VmError) && !(error instanceof Error)) throw error;
  const advice =
    "Domain installation does not appear to have been successful.\n" +
    "If it was, you can restart your domain by running:\n" +
    `  ${startCommand(guest)}\n` +
    "otherwise, please restart your installation.\n";
  host.err(`ERROR    ${messageOf(error)}\n${error instanceof CrashedError ? "" : advice}`);
  return 1;
}

export function startCommand(guest: Guest): string {
  return `virsh --connect ${guest.around.connect.uri} start ${guest.get("name") ?? ""}`;
}

/** What was made for a guest that cannot be started is removed again. */
async function create(installation: Installation, scratch: UploadedScratch): Promise<DomainRef> {
  const { guest, installer, before, meter } = installation;
  if (!installer.isReinstall) await checkName(guest);
  const volumes: string[] = [];
  try {
    const media = await prepareMedia(installation, scratch);
    if (!installer.isReinstall) await createVolumes(guest, volumes, meter);
    const { first, later } = phasesOf(guest, installer, media, before);
    const domain = await createDomain(installation, first, later);
    await scratch.clear();
    return domain;
  } catch (error) {
    await removeVolumes(guest, volumes, meter);
    throw error;
  }
}

async function createVolumes(guest: Guest, volumes: string[], meter: Meter): Promise<void> {
  for (const { creates } of guest.sources.values()) {
    if (!creates) continue;
    // eslint-disable-next-line no-await-in-loop -- one at a time, as they are told
    volumes.push((await createVolume(guest.around, creates, meter)).key);
  }
}

async function createDomain(
  { guest: { around }, given, meter }: Installation,
  first: string | undefined,
  later: string,
): Promise<DomainRef> {
  const { connect } = around;
  meter.start("Creating domain...");
  const isTransient = given.has("transient");
  const starts = isTransient || first !== undefined || !given.has("noreboot");
  const running = starts ? await connect.domainCreateXML(first ?? later, 0) : undefined;
  const defined = isTransient ? running : await connect.domainDefineXMLFlags(later, 0);
  if (!defined) throw new ToolError("Domain has crashed.");
  meter.end();
  if (given.has("autostart")) await connect.domainSetAutostart(defined, true);
  return defined;
}

/** @throws ToolError */
async function checkName({ around: { connect }, domain }: Guest): Promise<void> {
  const name = domain.get("name") ?? "";
  if (name.includes(" ")) {
    throw new ToolError(`Guest name '${name}' can not contain ' ' character.`);
  }
  const old = await connect.domainLookupByName(name).catch(() => undefined);
  if (old) throw new ToolError(`Guest name '${name}' is already in use.`);
}

async function removeVolumes(
  { around: { connect } }: Guest,
  keys: readonly string[],
  meter: Meter,
): Promise<void> {
  for (const key of keys) {
    meter.start(`Removing disk '${key.slice(key.lastIndexOf("/") + 1)}'`);
    // eslint-disable-next-line no-await-in-loop -- one at a time, as they are told
    await connect.storageVolDelete(await connect.storageVolLookupByKey(key), 0);
    meter.end();
  }
}
