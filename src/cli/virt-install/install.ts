/** The installation itself: volumes, the guest's first start, its console. */
import { VmError } from "../../protocol/vm-error.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import { Pipe } from "../../virt/driver/pipe.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { Meter } from "../virtinst/progress.ts";
import type { InstallHost } from "./host.ts";
import { type Installer, hasInstallPhase, installXml } from "./installer.ts";
import { createVolume } from "../virtinst/new-volume.ts";

type Say = (text: string) => void;

export interface Installation {
  readonly guest: Guest;
  readonly installer: Installer;
  readonly given: Given;
  readonly host: InstallHost;
  readonly say: Say;
}

/** `virDomainState`. */
const SHUT_OFF = 5;
const CRASHED = 6;

/** @returns the exit status @throws ToolError */
export async function startInstall(installation: Installation): Promise<number> {
  const { guest, host, given, say } = installation;
  const console = consoleKind(guest, given);
  if (console === "none" && !given.has("autoconsole") && !given.has("wait")) {
    guest.around.warn("No console to launch for the guest, defaulting to --wait -1");
    given.replace("wait", ["-1"]);
  }
  say("\nStarting install...");
  const volumes: string[] = [];
  const meter = new Meter(host, given.has("quiet"));
  try {
    const domain = await create(installation, volumes, meter);
    return await follow(installation, domain, console);
  } catch (error) {
    if (!(error instanceof VmError) && !(error instanceof Error)) throw error;
    await removeVolumes(guest, volumes, meter);
    host.err(
      `ERROR    ${messageOf(error)}\n` +
        "Domain installation does not appear to have been successful.\n" +
        "If it was, you can restart your domain by running:\n" +
        `  ${startCommand(guest)}\n` +
        "otherwise, please restart your installation.\n",
    );
    return 1;
  }
}

function startCommand(guest: Guest): string {
  return `virsh --connect ${guest.around.connect.uri} start ${guest.get("name") ?? ""}`;
}

/** Graphics need a viewer, which is elsewhere. @throws ToolError */
function consoleKind(guest: Guest, given: Given): "text" | "none" {
  const wanted = given.text("autoconsole") ?? "default";
  if (!["none", "default", "text", "graphical"].includes(wanted)) {
    throw new ToolError(`Unknown autoconsole type '${wanted}'`);
  }
  if (wanted === "text") return "text";
  const isText = wanted === "default" && guest.devices("graphics").length === 0;
  return isText ? "text" : "none";
}

async function create(
  { guest, installer, given }: Installation,
  volumes: string[],
  meter: Meter,
): Promise<DomainRef> {
  const { connect } = guest.around;
  await checkName(guest);
  const { first, later } = installXml(guest, installer);
  for (const { creates } of guest.sources.values()) {
    if (!creates) continue;
    // eslint-disable-next-line no-await-in-loop -- one at a time, as they are told
    volumes.push((await createVolume(guest.around, creates, meter)).key);
  }
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

async function checkName({ around: { connect }, domain }: Guest): Promise<void> {
  const name = domain.get("name") ?? "";
  if (name.includes(" ")) {
    throw new ToolError(`Guest name '${name}' can not contain ' ' character.`);
  }
  const old = await connect.domainLookupByName(name).catch(() => undefined);
  if (old) throw new ToolError(`Guest name '${name}' is already in use.`);
}

async function removeVolumes(guest: Guest, keys: readonly string[], meter: Meter): Promise<void> {
  const { connect } = guest.around;
  for (const key of keys) {
    meter.start(`Removing disk '${key.slice(key.lastIndexOf("/") + 1)}'`);
    // eslint-disable-next-line no-await-in-loop -- one at a time, as they are told
    await connect.storageVolDelete(await connect.storageVolLookupByKey(key), 0);
    meter.end();
  }
}

async function isOff(guest: Guest, domain: DomainRef): Promise<boolean> {
  const { state } = await guest.around.connect.domainGetInfo(domain);
  if (state === CRASHED) throw new ToolError("Domain has crashed.");
  return state === SHUT_OFF;
}

async function openConsole({ guest, host, say }: Installation, domain: DomainRef): Promise<void> {
  const { connect } = guest.around;
  say(`Running text console command: virsh --connect ${connect.uri} console ${domain.name}`);
  if (!host.hasTerminal()) return;
  try {
    const pipe = new Pipe();
    await connect.domainOpenConsole(domain, null, pipe.driverEnd, 0);
    await host.console(pipe.userEnd);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    host.err(`error: ${error.message}\n`);
    guest.around.warn("Console command returned failure.");
  }
}

async function follow(
  installation: Installation,
  domain: DomainRef,
  console: "text" | "none",
): Promise<number> {
  const { guest, installer, given, say } = installation;
  const { connect } = guest.around;
  const waits = given.text("wait");
  if (console === "text" && waits === undefined) await openConsole(installation, domain);
  if (given.has("destroy-on-exit") && !(await isOff(guest, domain))) {
    await connect.domainDestroyFlags(domain, 0);
  }
  if (!(await isOff(guest, domain))) {
    const status = await waitForEnd(installation, domain, waits);
    if (status !== undefined) return status;
  }
  say("Domain creation completed.");
  if (given.has("transient") || !(await isOff(guest, domain))) return 0;
  if (given.has("noreboot") || !hasInstallPhase(installer)) {
    say(`You can restart your domain by running:\n  ${startCommand(guest)}`);
    return 0;
  }
  say("Restarting guest.");
  await connect.domainCreateWithFlags(domain, 0);
  if (console === "text") await openConsole(installation, domain);
  return 0;
}

/** @returns the exit status where the command ends here */
async function waitForEnd(
  { guest, installer, host, say }: Installation,
  domain: DomainRef,
  waits: string | undefined,
): Promise<number | undefined> {
  const still = "\nDomain is still running. Installation may be in progress.";
  if (waits === undefined) {
    if (!hasInstallPhase(installer)) return undefined;
    say(`${still}\nYou can reconnect to the console to complete the installation process.`);
    return 0;
  }
  const minutes = Number(waits);
  const unit = minutes === 1 ? "minute" : "minutes";
  say(still);
  say(
    minutes < 0
      ? "Waiting for the installation to complete."
      : `Waiting ${minutes} ${unit} for the installation to complete.`,
  );
  const seconds = minutes < 0 ? Number.POSITIVE_INFINITY : minutes * 60;
  for (let second = 0; second < seconds; second += 1) {
    // eslint-disable-next-line no-await-in-loop -- time passes
    if (await isOff(guest, domain)) {
      say("Domain has shutdown. Continuing.");
      return undefined;
    }
    // eslint-disable-next-line no-await-in-loop -- time passes
    if (!(await host.sleep(1000))) {
      host.err("Domain install interrupted.\n");
      return 1;
    }
  }
  say("Installation has exceeded specified time limit. Exiting application.");
  return 1;
}
