/** `virt-install`: options to a guest, its XML printed or the guest started. */
import { applyOption } from "../virtinst/apply-option.ts";
import { checkGuest } from "./checks.ts";
import { parseChecks } from "../virtinst/checks.ts";
import { GROUPS, USAGE, parseCommandLine } from "./command-line.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import { askedList } from "../virtinst/introspection.ts";
import { VERSION, runTool, toolLog } from "../virtinst/run-tool.ts";
import { Guest, surroundings } from "../virtinst/guest.ts";
import { deviceOffer, offerQuery } from "../virtinst/device-offer.ts";
import { leaveOutMissingNetwork, leavesNetworkOpen } from "./default-network.ts";
import { setMachine } from "./defaults.ts";
import { helpText } from "../virtinst/help-text.ts";
import { LIST_HINT } from "../virtinst/options/switches.ts";
import type { InstallHost } from "./host.ts";
import { buildInstaller, installXml, setInstallDefaults } from "./installer.ts";
import { startInstall } from "./install.ts";
import { convertOldOptions } from "./old-options.ts";
import { OPTION_TABLES } from "../virtinst/options/index.ts";
import { setOsInfo } from "./osinfo.ts";
import { setNameAndSizes } from "./sizes.ts";

const PURPOSE = "Make a guest and install a system in it.";

/** @returns the exit status */
export function virtInstall(args: readonly string[], host: InstallHost): Promise<number> {
  return runTool({ name: "virt-install", usage: USAGE }, host, () =>
    run(parseCommandLine(args), host),
  );
}

async function run(given: Given, host: InstallHost): Promise<number> {
  if (given.has("print-step")) given.replace("print-xml", given.all("print-step"));
  const log = toolLog(host, "virt-install", {
    isQuiet: given.has("print-xml") || given.has("quiet"),
    isDebugging: given.has("debug"),
  });
  const said = saysInstead(given);
  if (said !== undefined) {
    host.out(said);
    return 0;
  }
  const isNetworkOpen = leavesNetworkOpen(given);
  convertOldOptions(given, log.warn);
  const checks = parseChecks(given);
  const connect = await host.connect(given.text("connect"));
  try {
    const { say } = log;
    const guest = new Guest(await surroundings(host, connect, log));
    setExplicit(guest, given);
    await applyAll(guest, given, ["boot", "metadata"]);
    setMachine(guest);
    guest.deviceOffer = await deviceOffer(connect, offerQuery(guest));
    if (isNetworkOpen) await leaveOutMissingNetwork(given, connect, log.warn);
    const installer = await buildInstaller(given, guest.around);
    setOsInfo(guest, given, installer);
    await setNameAndSizes(guest, given, say, () => applyAll(guest, given));
    await setInstallDefaults(guest, installer);
    await checkGuest(guest, given, installer, checks);
    if (!given.has("print-xml") && !given.has("dry-run")) {
      return await startInstall({ guest, installer, given, host, say });
    }
    const step = given.text("print-xml");
    if (step === undefined) say("Dry run completed successfully");
    else host.out(`${chosenXml(guest, installer, step)}\n`);
    return 0;
  } finally {
    await connect.close();
  }
}

/** Help and lists that need no guest. */
function saysInstead(given: Given): string | undefined {
  if (given.has("help")) return helpText(USAGE, PURPOSE, GROUPS, [LIST_HINT]);
  if (given.has("version")) return `${VERSION}\n`;
  return askedList(given);
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

/** @throws ToolError where there is no such step */
function chosenXml(
  guest: Guest,
  installer: Parameters<typeof installXml>[1],
  step: string,
): string {
  const { first, later } = installXml(guest, installer);
  if (!["1", "2", "all"].includes(step)) {
    throw new ToolError(`Unknown XML step request '${step}', must be 1, 2, or all`);
  }
  if (step === "1") return first ?? later;
  if (step === "all") return `${first ?? ""}${later}`;
  if (first === undefined) {
    throw new ToolError("Requested installation does not have XML step 2");
  }
  return later;
}
