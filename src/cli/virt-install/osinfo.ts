/** `--osinfo`: the operating system that decides about defaults. */
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import type { Installer } from "./installer.ts";
import type { OsChoice } from "../virtinst/os-choice.ts";
import { genericLinuxNames, osByName } from "../../virt/os-table.ts";
import { isHvm } from "../virtinst/platform.ts";

const DISABLE = "VIRTINSTALL_OSINFO_DISABLE_REQUIRE";

/**
 * Sets what was chosen or found, or ends the command.
 *
 * @param detected what the medium tells
 * @throws ToolError
 */
export function setOsInfo(
  guest: Guest,
  choice: OsChoice,
  detected: string | undefined,
  installer: Installer,
): void {
  const found = choice.detects ? detected : undefined;
  const name = found ?? choice.name;
  if (name !== undefined) {
    guest.setOs(osByName(name));
    return;
  }
  const message = "--os-variant/--osinfo OS name is required, but no value was\nset or detected.";
  if (choice.require === "on") throw new ToolError(message);
  if (choice.require === "off" || !isHvm(guest)) return;
  const whole = requirement(message, installer);
  if (guest.around.host.env(DISABLE) === undefined) throw new ToolError(whole);
  guest.around.warn(whole);
  guest.around.warn(`${DISABLE} set. Skipping fatal error.`);
}

function requirement(message: string, installer: Installer): string {
  const hasLocation = installer.tree !== undefined && installer.tree.tree.kind !== "files";
  const mayDetect = hasLocation || installer.cdrom !== undefined;
  const detect =
    "\nIf you expected virt-install to detect an OS name from the\n" +
    "install media, you can set a fallback OS name with:\n\n" +
    "  --osinfo detect=on,name=OSNAME\n";
  return (
    `\n${message}\n\n` +
    "This is now a fatal error. Specifying an OS name is required\n" +
    "for modern, performant, and secure virtual machine defaults.\n" +
    (mayDetect ? detect : "") +
    "\nYou can see a full list of possible OS name values with:\n\n" +
    "   virt-install --osinfo list\n" +
    "\nIf your Linux distro is not listed, try one of generic values\n" +
    `such as: ${genericLinuxNames().join(", ")}\n` +
    "\nIf you just need to get the old behavior back, you can use:\n\n" +
    "  --osinfo detect=on,require=off\n\n" +
    `Or export ${DISABLE}=1\n`
  );
}
