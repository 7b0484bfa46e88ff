/** The changed guest: printed, defined, started, or changed while it runs. */
import { VmError } from "../../protocol/vm-error.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Guest, Surroundings } from "../virtinst/guest.ts";
import { unifiedDiff } from "../virtinst/line-diff.ts";
import { createVolume } from "../virtinst/new-volume.ts";
import { parseGuest } from "../virtinst/parse-guest.ts";
import type { Part } from "../virtinst/part.ts";
import { Meter } from "../virtinst/progress.ts";
import { addParts, editParts, removeParts } from "./actions.ts";
import type { XmlHost } from "./host.ts";
import { type Action, type Subject, hasPart } from "./request.ts";

export interface Request {
  readonly given: Given;
  readonly action: Exclude<Action, "build-xml">;
  readonly subject: Subject;
  readonly around: Surroundings;
  readonly host: XmlHost;
  readonly isQuiet: boolean;
}

export interface Changed {
  readonly guest: Guest;
  readonly parts: readonly Part[];
}

/**
 * The guest with the change, which is printed as the options want.
 *
 * @param made parts that another definition of the guest got already
 * @throws ToolError in the real tool's words
 */
export async function changedGuest(
  { given, action, subject, around }: Request,
  xml: string,
  made?: readonly Part[],
): Promise<Changed> {
  const before = parseGuest(around, xml).toXml();
  const guest = parseGuest(around, before);
  if (subject === "xml" && action !== "edit") {
    throw new ToolError("--xml can only be used with --edit");
  }
  const parts =
    action === "edit"
      ? await editParts(given, guest, subject)
      : action === "add-device"
        ? await addParts(given, guest, subject, made)
        : await removeParts(given, guest, subject);
  const after = guest.toXml();
  const diff = unifiedDiff(before, after, ["Original XML", "Altered XML"]);
  around.debug(diff === "" ? "No XML diff" : `XML diff:\n${diff}`);
  if (diff === "") {
    around.warn("No XML diff was generated. The requested changes will have no effect.");
  }
  if (given.has("print-diff")) {
    if (diff !== "") around.say(diff);
  } else if (given.has("print-xml")) {
    around.say(after);
  }
  return { guest, parts };
}

/** Asks until the answer is yes or no; the input's end is no. */
async function isConfirmed(host: XmlHost, question: string): Promise<boolean> {
  for (;;) {
    // eslint-disable-next-line no-await-in-loop -- one answer after the other
    const answer = (await host.readLine(`${question} (y/n): `))?.toLowerCase().trim() ?? "no";
    if (["y", "yes"].includes(answer)) return true;
    if (["n", "no"].includes(answer)) return false;
    host.out("Please enter 'yes' or 'no'.\n");
  }
}

async function mayGoOn({ given, host }: Request, question: string): Promise<boolean> {
  return !given.has("confirm") || isConfirmed(host, question);
}

/** Makes the volumes of new disks. @throws Error in the real tool's words */
async function makeVolumes(request: Request, { guest, parts }: Changed): Promise<void> {
  if (request.action !== "add-device") return;
  const meter = new Meter(request.host, request.isQuiet);
  for (const part of parts) {
    const source = guest.sourceOf(part);
    if (!source.creates) continue;
    // eslint-disable-next-line no-await-in-loop -- one at a time, as they are told
    const volume = await createVolume(guest.around, source.creates, meter);
    const { creates: _made, ...rest } = source;
    guest.sources.set(part, { ...rest, exists: true, volume });
  }
}

/** @returns undefined where the user did not want it @throws VmError */
export async function defineChanged(
  request: Request,
  changed: Changed,
): Promise<DomainRef | undefined> {
  const { around } = request;
  const name = changed.guest.get("name");
  if (!(await mayGoOn(request, `Define '${name}' with the changed XML?`))) return undefined;
  await makeVolumes(request, changed);
  const domain = await around.connect.domainDefineXMLFlags(changed.guest.toXml(), 0);
  around.say(`Domain '${name}' defined successfully.`);
  return domain;
}

/** Starts the guest with a definition that is forgotten when it ends. @throws ToolError */
export async function startTransient(request: Request, changed: Changed): Promise<void> {
  const { around } = request;
  const name = changed.guest.get("name");
  if (!(await mayGoOn(request, `Start '${name}' with the changed XML?`))) return;
  await makeVolumes(request, changed);
  await told(`Failed starting domain '${name}'`, () =>
    around.connect.domainCreateXML(changed.guest.toXml(), 0),
  );
  around.say(`Domain '${name}' started successfully.`);
}

export async function startDefined(
  { around }: Request,
  domain: DomainRef,
  name: string | undefined,
): Promise<void> {
  await told(`Failed starting domain '${name}'`, () =>
    around.connect.domainCreateWithFlags(domain, 0),
  );
  around.say(`Domain '${name}' started successfully.`);
}

/** @throws ToolError with the words before libvirt's */
async function told(words: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    throw new ToolError(`${words}: ${messageOf(error)}`, { cause: error });
  }
}

/** `VIR_DOMAIN_AFFECT_LIVE`. */
const LIVE = 1;

const UPDATES = {
  "add-device": ["Hotplug this device to the guest", "hotplug", "domainAttachDeviceFlags"],
  "remove-device": ["Hotunplug this device from the guest", "hotunplug", "domainDetachDeviceFlags"],
  edit: ["Update this device for the guest", "update", "domainUpdateDeviceFlags"],
} as const;

/** Changes the running guest's devices. @throws ToolError */
export async function updateRunning(
  request: Request,
  domain: DomainRef,
  changed: Changed,
): Promise<void> {
  const { given, action, subject, around } = request;
  const [question, word, call] = UPDATES[action];
  for (const part of changed.parts) {
    const xml = partXml(changed.guest, subject, part);
    // eslint-disable-next-line no-await-in-loop -- one after the other, as they are told
    if (!(await mayGoOn(request, `${xml}\n\n${question} '${domain.name}'?`))) continue;
    // eslint-disable-next-line no-await-in-loop -- the device's data comes first
    await makeVolumes(request, { guest: changed.guest, parts: [part] });
    // eslint-disable-next-line no-await-in-loop -- one after the other, as they are told
    await told(`Error attempting device ${word}`, () => around.connect[call](domain, xml, LIVE));
    around.say(`Device ${word} successful.`);
    if (given.has("confirm")) around.say("");
  }
}

/** The XML of a part, as it stands in the guest or stood there. */
export function partXml(guest: Guest, subject: Subject, part: Part): string {
  return hasPart(subject) ? guest.partXml(subject.part, part) : guest.toXml();
}
