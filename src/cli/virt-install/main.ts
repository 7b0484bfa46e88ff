/** `virt-install`: options to a guest, its XML printed or the guest started. */
import type { Given } from "../virtinst/arguments.ts";
import { parseChecks } from "../virtinst/checks.ts";
import { ToolError } from "../virtinst/errors.ts";
import { surroundings } from "../virtinst/guest.ts";
import { askedList } from "../virtinst/introspection.ts";
import { VERSION, runTool, toolLog } from "../virtinst/run-tool.ts";
import { buildGuest } from "./build-guest.ts";
import { checkGuest } from "./checks.ts";
import { GROUPS, USAGE, parseCommandLine } from "./command-line.ts";
import { leavesNetworkOpen } from "./default-network.ts";
import { helpText } from "../virtinst/help-text.ts";
import { LIST_HINT } from "../virtinst/options/switches.ts";
import type { InstallHost } from "./host.ts";
import { type Installation, startInstall } from "./install.ts";
import { convertOldOptions } from "./old-options.ts";
import { type Phases, phasesOf } from "./phases.ts";
import { prepareMedia } from "./prepare-media.ts";
import { plannedScratch } from "./scratch.ts";
import { Meter } from "../virtinst/progress.ts";

const PURPOSE = "Make a guest and install a system in it.";

/** @returns the exit status */
export function virtInstall(args: readonly string[], host: InstallHost): Promise<number> {
  return runTool({ name: "virt-install", usage: USAGE }, host, () =>
    run(parseCommandLine(args), host),
  );
}

async function run(given: Given, host: InstallHost): Promise<number> {
  if (given.has("print-step")) given.replace("print-xml", given.all("print-step"));
  const isQuiet = given.has("print-xml") || given.has("quiet");
  const log = toolLog(host, "virt-install", { isQuiet, isDebugging: given.has("debug") });
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
    const around = await surroundings(host, connect, log);
    const built = await buildGuest({ given, around, host, isNetworkOpen });
    try {
      await checkGuest(built.guest, given, built.installer, checks);
      const meter = new Meter(host, isQuiet);
      return await installOrPrint({ ...built, given, host, meter });
    } finally {
      await built.installer.tree?.tree.close();
    }
  } finally {
    await connect.close();
  }
}

async function installOrPrint(installation: Installation): Promise<number> {
  const { guest, installer, given, host, before } = installation;
  guest.around.debug(`Guest XML:\n${guest.toXml()}`);
  if (!given.has("print-xml") && !given.has("dry-run")) return startInstall(installation);
  const media = await prepareMedia(installation, plannedScratch(guest.around));
  const step = given.text("print-xml");
  const phases = phasesOf(guest, installer, media, before);
  if (step === undefined) guest.around.say("Dry run completed successfully");
  else host.out(`${chosenXml(phases, step)}\n`);
  return 0;
}

/** Help and lists that need no guest. */
function saysInstead(given: Given): string | undefined {
  if (given.has("help")) return helpText(USAGE, PURPOSE, GROUPS, [LIST_HINT]);
  if (given.has("version")) return `${VERSION}\n`;
  return askedList(given);
}

/** @throws ToolError where there is no such step */
function chosenXml({ first, later }: Phases, step: string): string {
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
