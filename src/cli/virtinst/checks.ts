/** `--check`: conflicts with other guests that end the command unless they are allowed. */
import { type XmlElement, childElements, find, textAt } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import type { Given } from "./arguments.ts";
import { ToolError } from "./errors.ts";
import type { Surroundings } from "./guest.ts";
import { switchValue } from "./numbers.ts";
import { quotedList } from "./python-text.ts";
import { namesAndValues } from "./suboptions.ts";

const CHECKS = ["path_in_use", "disk_size", "path_exists", "mac_in_use", "all"] as const;
type Check = Exclude<(typeof CHECKS)[number], "all">;

/** Names of checks that are off; `all` is every one. */
export type ChecksOff = ReadonlySet<string>;

/** @throws ToolError in the real tool's words */
export function parseChecks(given: Given): ChecksOff {
  const off = new Set<string>();
  for (const text of given.all("check")) {
    for (const [name, value] of namesAndValues(text)) {
      if (!CHECKS.some((each) => each === name)) {
        throw new ToolError(`Unknown --check options: ${quotedList([name])}`);
      }
      if (value === null) {
        throw new ToolError(`Error: --check ${text}: Option '${name}' had no value set.`);
      }
      const isOn = switchValue(value);
      if (isOn === undefined) throw new ToolError(`${name} must be 'yes' or 'no'`);
      if (isOn) off.delete(name);
      else off.add(name);
    }
  }
  return off;
}

/**
 * Ends the command where the check is on; else the message is a warning, unless it is one already.
 *
 * @throws ToolError
 */
export function failCheck(
  { warn }: Surroundings,
  off: ChecksOff,
  check: Check,
  message: string,
  { warnsWhenOff = true } = {},
): void {
  if (!off.has(check) && !off.has("all")) {
    throw new ToolError(`${message} (Use --check ${check}=off or --check all=off to override)`);
  }
  if (warnsWhenOff) warn(message);
}

export async function allDomains({ connect }: Surroundings): Promise<XmlElement[]> {
  const all = await connect.connectListAllDomains(0);
  return Promise.all(
    all.map(async (each) => parseXml(await connect.domainGetXMLDesc(each, 0), "domain")),
  );
}

function devicesOf(domain: XmlElement, kind: string): XmlElement[] {
  const devices = find(domain, "devices");
  return devices ? childElements(devices, kind) : [];
}

export interface PathUse {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly isShareable: boolean;
}

/** What is said where other guests have the path. */
export function pathConflict(
  { path, isReadOnly, isShareable }: PathUse,
  domains: readonly XmlElement[],
): string | undefined {
  const uses = (domain: XmlElement): boolean =>
    (!isReadOnly &&
      ["kernel", "initrd", "dtb"].some((name) => textAt(domain, "os", name) === path)) ||
    devicesOf(domain, "disk").some((other) => {
      const source = find(other, "source");
      const paths = ["file", "dev", "dir"].map((name) => source?.attributes.get(name));
      if (!paths.includes(path)) return false;
      if (isShareable && find(other, "shareable")) return false;
      return !(isReadOnly && find(other, "readonly"));
    });
  const names = domains.filter(uses).map((domain) => textAt(domain, "name") ?? "");
  return names.length === 0
    ? undefined
    : `Disk ${path} is already in use by other guests ${quotedList(names)}.`;
}

/** What is said where another guest has the address. */
export function macConflict(mac: string, domains: readonly XmlElement[]): string | undefined {
  const isUsed = domains.some((domain) =>
    devicesOf(domain, "interface").some(
      (other) => find(other, "mac")?.attributes.get("address")?.toLowerCase() === mac.toLowerCase(),
    ),
  );
  return isUsed ? `The MAC address '${mac}' is in use by another virtual machine.` : undefined;
}
