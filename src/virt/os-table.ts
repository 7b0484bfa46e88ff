/** Operating systems that `--osinfo` knows, by name and by identifier. */
import { DEBIAN_RELEASES, UBUNTU_RELEASES } from "./os/debian.ts";
import type { OsInfo } from "./os/os-info.ts";
import { ALPINE_RELEASES, ARCH_RELEASES, GENERIC_LINUX, OPENSUSE_RELEASES } from "./os/others.ts";
import { FEDORA_RELEASES, RED_HAT_RELEASES } from "./os/red-hat.ts";

export type { OsInfo } from "./os/os-info.ts";

export const GENERIC_OS: OsInfo = {
  name: "generic",
  aliases: [],
  id: "http://libosinfo.org/unknown",
  distro: "",
  ramMib: 0,
  minimumRamMib: 0,
  networkRamMib: 0,
  cpus: 0,
  diskGib: 0,
  hasVirtio: false,
  hasVirtioGpu: false,
};

/** By name; of a series, the newest first. */
const OS_TABLE: readonly OsInfo[] = [
  GENERIC_OS,
  ...ALPINE_RELEASES,
  ...ARCH_RELEASES,
  ...DEBIAN_RELEASES,
  ...FEDORA_RELEASES,
  ...GENERIC_LINUX,
  ...OPENSUSE_RELEASES,
  ...RED_HAT_RELEASES,
  ...UBUNTU_RELEASES,
].toSorted((one, other) => compareNames(one.name, other.name));

/** Numbers count as such, the larger one first; what is no number, in the alphabet's order. */
function compareNames(one: string, other: string): number {
  const [a, b] = [one, other].map((name) => name.split(/(\d+)/));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index += 1) {
    const [left = "", right = ""] = [a?.[index], b?.[index]];
    if (left === right) continue;
    const isNumber = index % 2 === 1;
    return isNumber ? Number(right) - Number(left) : left < right ? -1 : 1;
  }
  return 0;
}

/** By name or alias; undefined for an unknown one. */
export function findOs(name: string): OsInfo | undefined {
  return OS_TABLE.find((os) => os.name === name || os.aliases.includes(name));
}

/** @throws Error in the real tool's words */
export function osByName(name: string): OsInfo {
  const found = findOs(name);
  if (!found) {
    throw new Error(`Unknown OS name '${name}'. See \`--osinfo list\` for valid values.`);
  }
  return found;
}

/** @throws Error in the real tool's words */
export function osById(id: string): OsInfo {
  const found = OS_TABLE.find((os) => os.id === id);
  if (!found) throw new Error(`Unknown libosinfo ID '${id}'`);
  return found;
}

/** All that are known, the generic one first, then by name. */
export function knownOses(): readonly OsInfo[] {
  return [GENERIC_OS, ...OS_TABLE.filter((os) => os !== GENERIC_OS)];
}

/** The releases of a distribution, the newest first. */
export function releasesOf(distro: string): OsInfo[] {
  return OS_TABLE.filter((os) => os.distro === distro);
}

/** One system a line, with all its names. */
export function osNames(): string[] {
  return OS_TABLE.map(({ name, aliases }) => [name, ...aliases].toSorted().join(", "));
}

export function genericLinuxNames(): string[] {
  return OS_TABLE.filter(({ isGenericLinux }) => isGenericLinux).map(({ name }) => name);
}
