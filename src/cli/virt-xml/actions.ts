/** The actions on a guest: parts edited, added, removed. */
import type { Given } from "../virtinst/arguments.ts";
import { type OptionUse, applyOption } from "../virtinst/apply-option.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { matchingParts, partsOf } from "../virtinst/matching-parts.ts";
import type { OptionTable } from "../virtinst/option-row.ts";
import { parseOsChoice } from "../virtinst/os-choice.ts";
import { osByName } from "../../virt/os-table.ts";
import { finishPartOf } from "../virtinst/part-defaults.ts";
import type { Part } from "../virtinst/part.ts";
import { type Subject, hasPart, subjectName } from "./request.ts";

/** All uses of the option, each of a new part, or each of `edited`. */
async function applyAll(
  given: Given,
  guest: Guest,
  table: OptionTable,
  edited?: Part,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const text of given.all(table.name)) {
    // eslint-disable-next-line no-await-in-loop -- later ones build on earlier ones
    parts.push(...(await applyOption({ guest, table, text }, edited)));
  }
  return parts;
}

/** @throws ToolError in the real tool's words */
export async function editParts(given: Given, guest: Guest, subject: Subject): Promise<Part[]> {
  if (subject === "xml") {
    for (const text of given.all("xml")) addXmlAction(guest, text);
    return [];
  }
  const parts = await editedParts(given, guest, subject);
  refuseOs(given, "--edit");
  const changed: Part[] = [];
  for (const part of parts) {
    // eslint-disable-next-line no-await-in-loop -- one after the other
    changed.push(...(await applyAll(given, guest, subject, part)));
  }
  return changed;
}

function refuseOs(given: Given, flag: string): void {
  if (!given.has("os-variant")) return;
  throw new ToolError(`--os-variant/--osinfo is not supported with ${flag}`);
}

function addXmlAction({ domain }: Guest, text: string): void {
  const [, kind, path] = /^xpath\.(delete|set|create)=(.*)$/s.exec(text) ?? [];
  if (path === undefined) domain.actions.push({ kind: "set", path: text });
  else domain.actions.push({ kind: kind as "set" | "delete" | "create", path });
}

async function editedParts(given: Given, guest: Guest, table: OptionTable): Promise<Part[]> {
  const which = given.text("edit");
  if (hasPart(table)) return chosenParts({ guest, table, text: which ?? "" }, "edit", which);
  if (which !== undefined && which !== "1" && which !== "all") {
    throw new ToolError(
      `'--edit ${which}' doesn't make sense with --${table.name}, just use empty '--edit'`,
    );
  }
  return [guest.domain];
}

/** Parts by number, all of them, or those that sub-options describe. */
async function chosenParts(
  use: OptionUse,
  action: "edit" | "remove-device",
  which: string | undefined,
): Promise<Part[]> {
  const { guest, table } = use;
  if (which === undefined || /^-?\d+$/.test(which)) {
    return [partByNumber(partsOf(guest, table), table, Number(which ?? "1"), which)];
  }
  if (which === "all") return [...partsOf(guest, table)];
  const found = await matchingParts(use);
  if (found.length > 0) return found;
  throw new ToolError(`No matching objects found for --${action} ${which}`);
}

function partByNumber(
  parts: readonly Part[],
  { name }: OptionTable,
  number: number,
  text: string | undefined,
): Part {
  if (number === 0) throw new ToolError(`Invalid --edit option '${text}'`);
  if (parts.length === 0) throw new ToolError(`No --${name} objects found in the XML`);
  const found = parts.at(number > 0 ? number - 1 : number);
  if (found) return found;
  const [are, objects] = parts.length === 1 ? ["there's", "object"] : ["there are", "objects"];
  throw new ToolError(
    `'--edit ${number}' requested but ${are} only ${parts.length} --${name} ${objects} in the XML`,
  );
}

function mustBeList(subject: Subject, flag: string): OptionTable & { readonly part: string } {
  if (hasPart(subject) && subject.many === true) return subject;
  throw new ToolError(`Cannot use ${flag} with --${subjectName(subject)}`);
}

/** Adds new parts, or those that another guest got already. @throws ToolError */
export async function addParts(
  given: Given,
  guest: Guest,
  subject: Subject,
  made: readonly Part[] | undefined,
): Promise<Part[]> {
  const table = mustBeList(subject, "--add-device");
  const { name } = parseOsChoice(given.text("os-variant"));
  if (name !== undefined) guest.setOs(osByName(name));
  if (made && made.length > 0) {
    for (const part of made) guest.domain.include(table.part, part);
    return [...made];
  }
  const parts = await applyAll(given, guest, table);
  for (const part of parts) finishPartOf(guest, table, part);
  return parts;
}

/** @throws ToolError */
export async function removeParts(given: Given, guest: Guest, subject: Subject): Promise<Part[]> {
  const table = mustBeList(subject, "--remove-device");
  refuseOs(given, "--remove-device");
  const text = given.all(table.name).at(-1) ?? "";
  const parts = await chosenParts({ guest, table, text }, "remove-device", text);
  const twins = parts.flatMap((part) => consoleOf(guest, part) ?? []);
  for (const part of parts) guest.domain.remove(table.part, part);
  for (const twin of twins) guest.domain.remove("devices:console", twin);
  return [...parts, ...twins];
}

/** libvirt shows the first serial port as a console, too. */
function consoleOf(guest: Guest, part: Part): Part | undefined {
  const first = guest.devices("console")[0];
  if (part.shape.name !== "serial" || first?.get("@type") !== part.get("@type")) return undefined;
  return ["serial", undefined].includes(first?.get("target/@type")) ? first : undefined;
}

/** The option's parts alone. @throws ToolError */
export async function buildParts(given: Given, guest: Guest, subject: Subject): Promise<Part[]> {
  if (!hasPart(subject)) {
    throw new ToolError(`--build-xml not supported for --${subjectName(subject)}`);
  }
  refuseOs(given, "--build-xml");
  const parts = await applyAll(given, guest, subject);
  for (const part of parts) finishPartOf(guest, subject, part);
  return parts;
}
