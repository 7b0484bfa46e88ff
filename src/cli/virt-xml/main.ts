/** `virt-xml`: a guest's XML changed by options. */
import type { DomainRef } from "../../virt/driver/refs.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import { Guest, type Surroundings, surroundings } from "../virtinst/guest.ts";
import { helpText } from "../virtinst/help-text.ts";
import { askedList } from "../virtinst/introspection.ts";
import { LIST_HINT } from "../virtinst/options/switches.ts";
import { parseGuest } from "../virtinst/parse-guest.ts";
import { VERSION, runTool, toolLog } from "../virtinst/run-tool.ts";
import { buildParts } from "./actions.ts";
import {
  type Request,
  changedGuest,
  defineChanged,
  partXml,
  startDefined,
  startTransient,
  updateRunning,
} from "./changes.ts";
import { GROUPS, USAGE, parseCommandLine } from "./command-line.ts";
import { type Target, definition, targetDomain } from "./domain.ts";
import type { XmlHost } from "./host.ts";
import { chosenAction, chosenSubject, hasPart, subjectName } from "./request.ts";
import { unindented } from "./unindented.ts";

const TOOL = { name: "virt-xml", usage: USAGE, interrupted: "Aborted at user request" };
const PURPOSE = "Change a guest's XML by options.";

/** @returns the exit status */
export function virtXml(args: readonly string[], host: XmlHost): Promise<number> {
  return runTool(TOOL, host, () => run(parseCommandLine(args), host));
}

async function run(given: Given, host: XmlHost): Promise<number> {
  const said = saysInstead(given);
  if (said !== undefined) {
    host.out(said);
    return 0;
  }
  const isPrinting = ["confirm", "print-xml", "print-diff", "build-xml"].some((n) => given.has(n));
  const isQuiet = given.has("quiet") && !isPrinting;
  const log = toolLog(host, TOOL.name, { isQuiet, isDebugging: given.has("debug") });
  const input = await inputXml(given, host);
  decideOutput(given, input);
  const action = chosenAction(given);
  const subject = chosenSubject(given);
  if (given.has("update") && !hasPart(subject)) {
    throw new ToolError(`Don't know how to --update for --${subjectName(subject)}`);
  }
  const connect = await host.connect(given.text("connect"));
  try {
    const around = await surroundings(host, connect, log);
    const name = given.text("domain");
    const target = name === undefined ? undefined : await targetDomain(connect, name);
    const xml = target?.xml ?? input;
    if (action === "build-xml") {
      const guest = xml === undefined || xml === "" ? new Guest(around) : parseGuest(around, xml);
      for (const part of await buildParts(given, guest, subject)) {
        log.say(unindented(partXml(guest, subject, part)));
      }
      return 0;
    }
    await change({ given, action, subject, around, host, isQuiet }, target, xml ?? "");
    return 0;
  } finally {
    await connect.close();
  }
}

function saysInstead(given: Given): string | undefined {
  if (given.has("help")) return helpText(USAGE, PURPOSE, GROUPS, [LIST_HINT]);
  if (given.has("version")) return `${VERSION}\n`;
  return askedList(given);
}

/** The XML from the input, where no guest is named. @throws ToolError */
async function inputXml(given: Given, host: XmlHost): Promise<string | undefined> {
  if (given.text("domain") !== undefined || given.has("build-xml")) return undefined;
  const refused = ["confirm", "update"].find((name) => given.has(name));
  const text = refused === undefined ? await host.readInput() : "";
  if (text === undefined) throw new ToolError("A domain must be specified");
  if (refused !== undefined) throw new ToolError(`Can't use --${refused} with stdin input.`);
  return text;
}

/** A guest is defined and XML printed, unless options say otherwise. */
function decideOutput(given: Given, input: string | undefined): void {
  const hasInput = input !== undefined && input !== "";
  if (!given.has("print-xml") && !given.has("print-diff")) {
    if (!hasInput && !given.has("define")) given.replace("define", ["yes"]);
    if (hasInput && given.text("define") !== "yes") given.replace("print-xml", ["yes"]);
  }
  if (given.has("confirm") && !given.has("print-xml")) given.replace("print-diff", ["yes"]);
}

/** Changes the running guest, the definition, or both. */
async function change(request: Request, target: Target | undefined, xml: string): Promise<void> {
  const { given, around } = request;
  let made: Awaited<ReturnType<typeof changedGuest>>["parts"] | undefined;
  if (given.has("update")) {
    if (given.has("start")) {
      throw new ToolError("Cannot use --update and --start at the same time");
    }
    if (target?.activeXml !== undefined) {
      const running = await changedGuest(request, target.activeXml);
      await updateRunning(request, target.domain, running);
      made = running.parts;
    } else {
      around.warn("The VM is not running, --update is inapplicable.");
    }
    if (given.text("define") !== "yes") return;
  }
  const changed = await changedGuest(request, xml, made);
  if (given.text("define") !== "yes") {
    if (given.has("start")) await startTransient(request, changed);
    return;
  }
  const domain = await defineChanged(request, changed);
  if (!domain) return;
  if (given.has("start")) {
    await startDefined(request, domain, changed.guest.get("name"));
  } else if (target?.activeXml !== undefined && made === undefined) {
    around.say("Changes will take effect after the domain is fully powered off.");
  } else {
    await warnIfSame(around, domain, xml);
  }
}

async function warnIfSame(around: Surroundings, domain: DomainRef, before: string): Promise<void> {
  const after = await definition(around.connect, domain);
  if (parseGuest(around, after).toXml() !== parseGuest(around, before).toXml()) return;
  around.warn(
    "XML did not change after domain define. You may have changed a value that libvirt is setting by default.",
  );
}
