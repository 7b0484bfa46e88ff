/** Boot, clock, firmware tables and QEMU's own command line. */
import type { Guest } from "./guest.ts";
import { osById, osByName } from "../../virt/os-table.ts";
import type { Rule } from "./rules.ts";
import { shellWords } from "./shell-words.ts";

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
  uefi: ({ guest }) => {
    guest.wantsUefi = true;
  },
  refreshMachine: ({ guest, value }) => {
    if (value !== true) return;
    throw new Error(
      `Don't know how to refresh machine type '${guest.get("os:type/@machine") ?? ""}'`,
    );
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
