/** From the guest's first start on: its console, the wait for its end, its next start. */
import { type ConsoleSession, openConsole } from "./console.ts";
import type { ConsoleKind } from "./autoconsole.ts";
import { type Installation, startCommand } from "./install.ts";
import { InstalledDomain } from "./installed-domain.ts";
import { hasInstallPhase } from "./installer.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";

/** How often the guest is asked whether it has ended. */
const POLL_MS = 1000;
/** How long a guest whose console has ended may take to be off. */
const END_MS = 2000;

/** @returns the exit status @throws CrashedError, VmError */
export async function followInstall(
  installation: Installation,
  ref: DomainRef,
  kind: ConsoleKind,
): Promise<number> {
  const { guest, given } = installation;
  const { connect } = guest.around;
  const domain = new InstalledDomain(connect, ref, given.has("transient"));
  try {
    return await follow(installation, domain, kind);
  } finally {
    if (given.has("destroy-on-exit")) await domain.destroy();
  }
}

async function follow(
  installation: Installation,
  domain: InstalledDomain,
  kind: ConsoleKind,
): Promise<number> {
  const { guest, installer, given } = installation;
  const { say } = guest.around;
  const status = await untilInstalled(installation, domain, kind);
  if (status !== undefined) return status;
  say("Domain creation completed.");
  if (given.has("transient") || !(await domain.isOff())) return 0;
  if (given.has("noreboot") || !hasInstallPhase(installer)) {
    say(`You can restart your domain by running:\n  ${startCommand(guest)}`);
    return 0;
  }
  if (!given.has("destroy-on-exit") && (await domain.wasEndedByUser())) {
    say("User stopped the VM. Not rebooting.");
    return 0;
  }
  say("Restarting guest.");
  await domain.start();
  if (kind === "text") await consoleOf(installation, domain).ended;
  return 0;
}

function consoleOf({ guest, host }: Installation, { ref }: InstalledDomain): ConsoleSession {
  return openConsole(guest.around.connect, ref, host, guest.around);
}

/** @returns the exit status where the command ends while the guest still runs */
async function untilInstalled(
  installation: Installation,
  domain: InstalledDomain,
  kind: ConsoleKind,
): Promise<number | undefined> {
  const { given } = installation;
  const waits = given.text("wait");
  const console = kind === "text" ? consoleOf(installation, domain) : undefined;
  if (waits !== undefined) {
    // The console is shown meanwhile, and does not decide when to go on.
    try {
      return await waitForEnd(installation, domain, Number(waits));
    } finally {
      console?.leave();
      await console?.ended;
    }
  }
  if (console) {
    const isEnded = await console.ended;
    if (given.has("destroy-on-exit")) await domain.destroy();
    if (isEnded) await isSoonOff(installation, domain);
  }
  if ((await domain.isOff()) || !hasInstallPhase(installation.installer)) return undefined;
  const { say } = installation.guest.around;
  say(`${STILL_RUNNING}\nYou can reconnect to the console to complete the installation process.`);
  return 0;
}

/** The console ends a moment before the guest is off. */
async function isSoonOff({ host }: Installation, domain: InstalledDomain): Promise<void> {
  const step = 100;
  for (let ms = 0; ms < END_MS; ms += step) {
    // eslint-disable-next-line no-await-in-loop -- time passes
    if ((await domain.isOff()) || !(await host.sleep(step))) return;
  }
}

const STILL_RUNNING = "\nDomain is still running. Installation may be in progress.";

/** @param minutes below 0 is for ever */
async function waitForEnd(
  installation: Installation,
  domain: InstalledDomain,
  minutes: number,
): Promise<number | undefined> {
  const { guest, host } = installation;
  const { say } = guest.around;
  if (await domain.isOff()) return undefined;
  say(STILL_RUNNING);
  say(waitText(minutes));
  const polls = minutes < 0 ? Number.POSITIVE_INFINITY : (minutes * 60_000) / POLL_MS;
  for (let poll = 0; poll < polls; poll += 1) {
    // eslint-disable-next-line no-await-in-loop -- time passes
    if (await domain.isOff()) {
      say("Domain has shutdown. Continuing.");
      return undefined;
    }
    // eslint-disable-next-line no-await-in-loop -- time passes
    if (!(await host.sleep(POLL_MS))) {
      host.err("Domain install interrupted.\nInstallation aborted at user request\n");
      return 1;
    }
  }
  say("Installation has exceeded specified time limit. Exiting application.");
  return 1;
}

function waitText(minutes: number): string {
  if (minutes < 0) return "Waiting for the installation to complete.";
  const unit = minutes === 1 ? "minute" : "minutes";
  return `Waiting ${minutes} ${unit} for the installation to complete.`;
}
