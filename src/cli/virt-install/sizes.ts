/** The name, the memory and the disk that the operating system recommends where none are given. */
import { applyOption } from "../virtinst/apply-option.ts";
import { hostArch } from "../virtinst/capabilities.ts";
import type { Given } from "../virtinst/arguments.ts";
import { freeName } from "../../virt/clone/names.ts";
import type { Guest } from "../virtinst/guest.ts";
import { OPTION_TABLES } from "../virtinst/options/index.ts";
import { isContainer } from "../virtinst/platform.ts";
import { setCurrentMemory, syncTopology } from "../virtinst/rules-cpu.ts";

export async function setNameAndSizes(
  guest: Guest,
  given: Given,
  say: (text: string) => void,
  applyOptions: () => Promise<void>,
): Promise<void> {
  if (guest.get("name") === undefined) {
    const name = await defaultName(guest);
    say(`Using default --name ${name}`);
    guest.set("name", name);
  }
  await applyOptions();
  if (isContainer(guest)) setContainerMemory(guest, say);
  else await setRecommended(guest, given, say);
}

async function defaultName(guest: Guest): Promise<string> {
  const arch = guest.get("os:type/@arch") ?? "";
  const isGeneric = guest.os.name === "generic";
  const kind = isContainer(guest) ? "container" : "vm";
  const isForeign = arch !== hostArch(guest.around.capabilities);
  const always = isGeneric && !isForeign;
  const base = `${isGeneric ? kind : guest.os.name}${isForeign ? `-${arch}` : ""}`;
  const domains = await guest.around.connect.connectListAllDomains(0);
  const taken = new Set(domains.map(({ name }) => name));
  return freeName(base, (name) => taken.has(name), {
    start: always ? 1 : 2,
    separator: always ? "" : "-",
    always,
  });
}

export function hasMemory(guest: Guest): boolean {
  const has = (path: string): boolean => guest.get(path) !== undefined;
  return has("memory") || has("currentMemory") || guest.domain.list("cpu:cells").length > 0;
}

export function hasStorage(guest: Guest, given: Given): boolean {
  return isContainer(guest) || given.has("disk") || given.has("filesystem");
}

function setContainerMemory(guest: Guest, say: (text: string) => void): void {
  if (hasMemory(guest)) return;
  say("Using container default --memory 1024");
  setCurrentMemory(guest, 1024n * 1024n);
}

async function setRecommended(
  guest: Guest,
  given: Given,
  say: (text: string) => void,
): Promise<void> {
  const { name, ramMib, cpus, diskGib } = guest.os;
  if (ramMib > 0 && !hasMemory(guest)) {
    say(`Using ${name} default --memory ${ramMib}`);
    setCurrentMemory(guest, BigInt(ramMib) * 1024n);
  }
  if (cpus > 0) syncTopology(guest, cpus);
  if (diskGib === 0 || hasStorage(guest, given)) return;
  const text = `size=${diskGib}`;
  say(`Using ${name} default --disk ${text}`);
  given.replace("disk", [text]);
  const table = OPTION_TABLES.find((each) => each.name === "disk");
  if (table) await applyOption({ guest, table, text });
}
