/** `--autoconsole`: which console is shown while the guest installs. */
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { type Installer, mediumOf } from "./installer.ts";

export type ConsoleKind = "text" | "none";

/** Graphics need a viewer, which is elsewhere. @throws ToolError */
export function consoleKind(guest: Guest, installer: Installer, given: Given): ConsoleKind {
  const wanted = given.text("autoconsole") ?? "default";
  if (!["none", "default", "text", "graphical"].includes(wanted)) {
    throw new ToolError(`Unknown autoconsole type '${wanted}'`);
  }
  const kind = wanted === "default" ? defaultKind(guest, installer) : wanted;
  if (kind === "graphical") {
    guest.around.warn(
      "Unable to connect to graphical console: virt-viewer not installed. " +
        "Please install the 'virt-viewer' package.",
    );
  }
  return kind === "text" ? "text" : "none";
}

function defaultKind(guest: Guest, { cloudInit }: Installer): "text" | "graphical" | "none" {
  const [graphics] = guest.devices("graphics");
  if (cloudInit || !graphics) return "text";
  const isViewed = ["default", "vnc", "spice"].includes(graphics.get("@type") ?? "default");
  return isViewed ? "graphical" : "none";
}

/** CDs install on a screen, as a rule. */
export function warnOfSilentCd(guest: Guest, installer: Installer, kind: ConsoleKind): void {
  if (kind !== "text" || mediumOf(installer) === undefined || installer.tree) return;
  guest.around.warn(
    "CDROM media does not print to the text console by default, so you likely will not see text " +
      "install output. You might want to use --location. " +
      "See the man page for examples of using --location with CDROM media",
  );
}
