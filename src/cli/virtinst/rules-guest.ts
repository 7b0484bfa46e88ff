/** Boot, clock, firmware tables and QEMU's own command line. */
import { machineAliases } from "./capabilities.ts";
import { deviceOffer, offerQuery } from "./device-offer.ts";
import type { Guest } from "./guest.ts";
import { osById, osByName } from "../../virt/os-table.ts";
import type { Rule } from "./rules.ts";
import { shellWords } from "./shell-words.ts";

/** What machine types begin with that are versions of an alias, where it is not the alias. */
const VERSIONS: Readonly<Record<string, string>> = { pc: "pc-i440fx", q35: "pc-q35" };

/** Takes the newest machine of its kind. @throws Error in the real tool's words */
function refreshMachine(guest: Guest): void {
  const old = guest.get("os:type/@machine") ?? "";
  const aliases = machineAliases(guest.around.capabilities, {
    osType: guest.get("os:type"),
    arch: guest.get("os:type/@arch"),
    domainType: guest.get("@type"),
  });
  const found = aliases.find((alias) => old.startsWith(`${VERSIONS[alias] ?? alias}-`));
  if (found === undefined) throw new Error(`Don't know how to refresh machine type '${old}'`);
  guest.set("os:type/@machine", found);
}

function setMode(guest: Guest, mode: string): void {
  guest.set("os:smbios/@mode", mode);
}

export const guestRules: Readonly<Record<string, Rule>> = {
  osName: ({ guest, text }) => guest.setOs(osByName(text)),
  osId: ({ guest, text }) => guest.setOs(osById(text)),
  bootloader: ({ guest, value }) => guest.set("bootloader", value),
  bootloaderArgs: ({ guest, value }) => guest.set("bootloader_args", value),
  domainType: ({ guest, value }) => guest.set("@type", value),
  emulator: ({ guest, value }) => guest.set("devices/emulator", value),
  uefi: async ({ guest, isEditing }) => {
    if (!isEditing) {
      guest.wantsUefi = true;
      return;
    }
    const { hasEfi } = await deviceOffer(guest.around.connect, offerQuery(guest));
    if (!hasEfi) throw new Error("Libvirt version does not support UEFI.");
    guest.set("os:@firmware", "efi");
  },
  refreshMachine: ({ guest, value }) => {
    if (value === true) refreshMachine(guest);
  },
  initArgs: ({ part, text }) => {
    part.removeAll("initargs");
    for (const word of shellWords(text)) part.add("initargs").set(".", word);
  },
  timer: ({ part, row, value }) => {
    const [name = "", property = ""] = (row.names[0] ?? "").split("_");
    const old = part.list("timers").find((each) => each.get("@name") === name);
    const timer = old ?? part.add("timers");
    if (!old) timer.set("@name", name);
    timer.set(`@${property}`, value);
  },
  sysinfoType: ({ guest, part, text }) => {
    if (text === "host" || text === "emulate") {
      setMode(guest, text);
      return;
    }
    if (text === "smbios") setMode(guest, "sysinfo");
    part.set("@type", text);
  },
  systemUuid: ({ guest, part, row, value }) => {
    part.set(row.path ?? "", value);
    guest.set("uuid", value);
  },
  qemuArgs: ({ part, text }) => {
    for (const word of shellWords(text)) part.add("args").set("@value", word);
  },
  qemuEnv: ({ part, text }) => {
    const at = text.indexOf("=");
    if (at < 0) throw new Error("not enough values to unpack (expected 2, got 1)");
    const variable = part.add("envs");
    variable.set("@name", text.slice(0, at));
    variable.set("@value", text.slice(at + 1));
  },
};
