/** Operating systems that `--osinfo` knows: what they need and what they can drive. */

export interface OsInfo {
  readonly name: string;
  /** libosinfo's identifier. */
  readonly id: string;
  /** Recommended; 0 where nothing is known. */
  readonly ramMib: number;
  readonly minimumRamMib: number;
  readonly cpus: number;
  readonly diskGib: number;
  /** Has drivers for virtio devices. */
  readonly hasVirtio: boolean;
  /** Has a driver for virtio's graphics card. */
  readonly hasVirtioGpu: boolean;
  readonly isGenericLinux?: boolean;
}

function row(
  name: string,
  id: string,
  [ramMib, minimumRamMib, cpus, diskGib]: readonly [number, number, number, number],
  hasVirtioGpu = true,
): OsInfo {
  return {
    name,
    id,
    ramMib,
    minimumRamMib,
    cpus,
    diskGib,
    hasVirtio: true,
    hasVirtioGpu,
    ...(name.startsWith("linux20") ? { isGenericLinux: true } : {}),
  };
}

export const GENERIC_OS: OsInfo = {
  name: "generic",
  id: "http://libosinfo.org/unknown",
  ramMib: 0,
  minimumRamMib: 0,
  cpus: 0,
  diskGib: 0,
  hasVirtio: false,
  hasVirtioGpu: false,
};

/** Newest first. */
const OS_TABLE: readonly OsInfo[] = [
  row("alpinelinux3.17", "http://alpinelinux.org/alpinelinux/3.17", [768, 128, 1, 4], false),
  row("archlinux", "http://archlinux.org/archlinux/rolling", [1024, 512, 0, 0]),
  row("debian13", "http://debian.org/debian/13", [1024, 1024, 2, 20]),
  row("debian12", "http://debian.org/debian/12", [1024, 1024, 2, 20]),
  row("debian11", "http://debian.org/debian/11", [1024, 1024, 2, 20]),
  row("debian10", "http://debian.org/debian/10", [1024, 1024, 2, 20], false),
  row("debiantesting", "http://debian.org/debian/testing", [1024, 1024, 2, 20]),
  row("fedora37", "http://fedoraproject.org/fedora/37", [2048, 1024, 2, 20]),
  row("fedora36", "http://fedoraproject.org/fedora/36", [2048, 1024, 2, 20]),
  row("fedora35", "http://fedoraproject.org/fedora/35", [2048, 1024, 2, 20]),
  row("linux2022", "http://libosinfo.org/linux/2022", [4096, 2048, 2, 25]),
  row("linux2020", "http://libosinfo.org/linux/2020", [4096, 2048, 2, 25]),
  row("linux2018", "http://libosinfo.org/linux/2018", [2048, 2048, 2, 15]),
  row("linux2016", "http://libosinfo.org/linux/2016", [2048, 2048, 2, 15], false),
  row("opensuse15.4", "http://opensuse.org/opensuse/15.4", [2048, 1024, 2, 16]),
  row("opensusetumbleweed", "http://opensuse.org/opensuse/tumbleweed", [2048, 1024, 2, 20]),
  row("ubuntu24.04", "http://ubuntu.com/ubuntu/24.04", [4096, 2048, 2, 25]),
  row("ubuntu22.10", "http://ubuntu.com/ubuntu/22.10", [4096, 2048, 2, 25], false),
  row("ubuntu22.04", "http://ubuntu.com/ubuntu/22.04", [4096, 2048, 2, 25], false),
  row("ubuntu20.04", "http://ubuntu.com/ubuntu/20.04", [4096, 2048, 2, 25]),
  row("ubuntu18.04", "http://ubuntu.com/ubuntu/18.04", [2048, 2048, 2, 15]),
];

/** @throws Error in the real tool's words */
export function osByName(name: string): OsInfo {
  if (name === GENERIC_OS.name) return GENERIC_OS;
  const found = OS_TABLE.find((os) => os.name === name);
  if (!found) {
    throw new Error(`Unknown OS name '${name}'. See \`--osinfo list\` for valid values.`);
  }
  return found;
}

/** @throws Error in the real tool's words */
export function osById(id: string): OsInfo {
  const found = [GENERIC_OS, ...OS_TABLE].find((os) => os.id === id);
  if (!found) throw new Error(`Unknown libosinfo ID '${id}'`);
  return found;
}

/** All that are known, the generic one first, then newest first. */
export function knownOses(): readonly OsInfo[] {
  return [GENERIC_OS, ...OS_TABLE];
}

export function osNames(): string[] {
  return knownOses().map(({ name }) => name);
}

export function genericLinuxNames(): string[] {
  return OS_TABLE.filter(({ isGenericLinux }) => isGenericLinux).map(({ name }) => name);
}
