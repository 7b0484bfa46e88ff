/** From options to the guest, and to how it comes by its system. */
import { applyOption } from "../virtinst/apply-option.ts";
import type { Given } from "../virtinst/arguments.ts";
import { deviceOffer, offerQuery } from "../virtinst/device-offer.ts";
import { Guest, type Surroundings } from "../virtinst/guest.ts";
import { OPTION_TABLES } from "../virtinst/options/index.ts";
import { leaveOutMissingNetwork } from "./default-network.ts";
import { setMachine } from "./defaults.ts";
import { type System, detectSystem } from "./detect-system.ts";
import type { InstallHost } from "./host.ts";
import { type Installer, buildInstaller } from "./installer.ts";
import { parseOsChoice } from "../virtinst/os-choice.ts";
import { setOsInfo } from "./osinfo.ts";
import { osByName } from "../../virt/os-table.ts";
import { setInstallDefaults } from "./phases.ts";
import { existingGuest } from "./reinstall.ts";
import { setNameAndSizes } from "./sizes.ts";

export interface BuildRequest {
  readonly given: Given;
  readonly around: Surroundings;
  readonly host: InstallHost;
  /** No option says anything of the network. */
  readonly isNetworkOpen: boolean;
}

export interface BuiltGuest {
  readonly guest: Guest;
  readonly installer: Installer;
  readonly system: System;
  /** The stored definition of a guest that gets its system anew. */
  readonly before: string | undefined;
}

/** @throws ToolError, Error, VmError in the real tool's words */
export async function buildGuest(request: BuildRequest): Promise<BuiltGuest> {
  const { given, around, host } = request;
  const choice = parseOsChoice(given.text("os-variant"));
  const { guest, before } = await beginGuest(request);
  const installer = await buildInstaller(given, around, host);
  if (choice.name !== undefined) guest.setOs(osByName(choice.name));
  const system = await detectSystem(installer, guest, host);
  if (before === undefined) setOsInfo(guest, choice, system.osName, installer);
  if (!installer.isReinstall) {
    await setNameAndSizes(guest, given, around.say, () => applyAll(guest, given));
  }
  await setInstallDefaults(guest, installer);
  return { guest, installer, system, before };
}

/** The guest as far as the installation's method has to know it. */
async function beginGuest({
  given,
  around,
  isNetworkOpen,
}: BuildRequest): Promise<{ readonly guest: Guest; readonly before: string | undefined }> {
  const old = given.text("reinstall");
  if (old !== undefined) return existingGuest(around, old);
  const guest = new Guest(around);
  setExplicit(guest, given);
  await applyAll(guest, given, ["boot", "metadata"]);
  setMachine(guest);
  guest.deviceOffer = await deviceOffer(around.connect, offerQuery(guest));
  if (isNetworkOpen) await leaveOutMissingNetwork(given, around.connect, around.warn);
  return { guest, before: undefined };
}

const EXPLICIT: readonly (readonly [option: string, path: string])[] = [
  ["name", "name"],
  ["uuid", "uuid"],
  ["description", "description"],
  ["guest-type", "os:type"],
  ["virt-type", "@type"],
  ["arch", "os:type/@arch"],
  ["machine", "os:type/@machine"],
];

function setExplicit(guest: Guest, given: Given): void {
  for (const [option, path] of EXPLICIT) {
    const value = given.text(option);
    if (value !== undefined) guest.set(path, value);
  }
}

const EARLY = new Set(["boot", "metadata"]);

/** Applies the options of those names, or all that are not applied before the machine is known. */
async function applyAll(guest: Guest, given: Given, names?: readonly string[]): Promise<void> {
  for (const table of OPTION_TABLES) {
    if (names ? !names.includes(table.name) : EARLY.has(table.name)) continue;
    for (const text of given.all(table.name)) {
      // eslint-disable-next-line no-await-in-loop -- the order of options counts
      await applyOption({ guest, table, text });
    }
  }
  if (names) return;
  for (const text of given.all("xml")) guest.domain.actions.push(xmlAction(text));
}

function xmlAction(text: string): { kind: "set" | "delete" | "create"; path: string } {
  const [, kind, path] = /^xpath\.(delete|set|create)=(.*)$/s.exec(text) ?? [];
  if (path === undefined) return { kind: "set", path: text };
  return { kind: kind as "set" | "delete" | "create", path };
}
