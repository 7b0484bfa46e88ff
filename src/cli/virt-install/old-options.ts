/** Options of earlier versions, turned into today's. */
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";

/** @throws ToolError in the real tool's words */
export function convertOldOptions(given: Given, warn: (message: string) => void): void {
  checkCdrom(given);
  if (given.has("force") && !given.has("check")) given.replace("check", ["all=off"]);
  if (given.has("prompt")) warn("--prompt mode is no longer supported.");
  const ram = given.text("ram");
  if (!given.has("memory") && ram !== undefined && Number(ram) !== 0) {
    given.replace("memory", [String(Number(ram))]);
  }
  convertNetworks(given);
  convertGraphics(given);
  convertDisks(given);
  convertFeatures(given);
  const cpuset = given.text("cpuset");
  if (cpuset !== undefined) given.add("vcpus", `,cpuset=${cpuset}`, true);
  const init = given.text("init");
  if (init !== undefined) {
    const boots = given.has("boot") ? given.all("boot") : [""];
    given.replace("boot", [...boots.slice(0, -1), `${boots.at(-1)},init=${init}`]);
  }
  if (given.text("wait") === "0") {
    warn("Treating --wait 0 as --noautoconsole");
    given.replace("autoconsole", ["none"]);
    given.replace("wait", []);
  }
  if (given.has("os-type")) {
    warn("--os-type is deprecated and does nothing. Please stop using it.");
  }
}

function conflict(one: string, other: string): ToolError {
  return new ToolError(`Cannot use ${one} and ${other} at the same time`);
}

function checkCdrom(given: Given): void {
  const short = given.text("c");
  if (short === undefined) return;
  if (given.has("cdrom")) throw conflict("-c", "--cdrom");
  if (short.includes("://")) {
    throw new ToolError(
      "-c specified with what looks like a libvirt URI. Did you mean to use --connect? " +
        "If not, use --cdrom instead",
    );
  }
  given.replace("cdrom", [short]);
}

function convertNetworks(given: Given): void {
  const bridges = given.all("bridge");
  let networks = given.has("nonetworks") ? ["none"] : given.all("network");
  if (bridges.length > 0 && networks.length > 0) throw conflict("--bridge", "--network");
  if (bridges.length > 0) networks = bridges.map((name) => `bridge:${name}`);
  const macs = given.all("mac");
  const count = Math.max(networks.length, macs.length, 1);
  const all = Array.from({ length: count }, (_none, at) => {
    const mac = macs[at];
    const text = `${networks[at] ?? "default"}${mac === undefined ? "" : `,mac=${mac}`}`;
    return text.replace(/^(network|bridge):/, "$1=");
  });
  given.replace("network", all);
}

function convertGraphics(given: Given): void {
  const old = ["vnc", "sdl", "keymap", "vncport", "vnclisten"].some((name) => given.has(name));
  if (given.has("graphics") && old) {
    throw new ToolError("Cannot mix --graphics and old style graphical options");
  }
  const kinds = ["vnc", "nographics", "sdl", "graphics"].filter((name) => given.has(name));
  if (kinds.length > 1) {
    throw new ToolError("Can't specify more than one of VNC, SDL, --graphics or --nographics");
  }
  if (given.has("graphics") || kinds.length === 0) return;
  const type = kinds[0] === "nographics" ? "none" : kinds[0];
  const extra = [
    ["listen", given.text("vnclisten")],
    ["port", given.text("vncport")],
    ["keymap", given.text("keymap")],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`,${name}=${value}`]));
  given.replace("graphics", [`${type}${extra.join("")}`]);
}

function convertDisks(given: Given): void {
  const files = given.all("file");
  const sizes = given.all("file-size");
  const hasOld = files.length > 0 || sizes.length > 0;
  if (given.has("nodisks") && (hasOld || given.has("disk"))) {
    throw new ToolError("Cannot specify storage and use --nodisks");
  }
  if ((hasOld || given.has("nonsparse")) && given.has("disk")) {
    throw new ToolError(
      "Cannot mix --file, --nonsparse, or --file-size with --disk options. " +
        "Use --disk PATH[,size=SIZE][,sparse=yes|no]",
    );
  }
  if (given.has("disk")) return;
  if (given.has("nodisks")) {
    given.replace("disk", ["none"]);
    return;
  }
  const count = Math.max(files.length, sizes.length);
  const disks = Array.from({ length: count }, (_none, at) =>
    [
      files[at] === undefined ? "" : `path=${files[at]}`,
      sizes[at] === undefined ? "" : `size=${Number(sizes[at])}`,
      given.has("nonsparse") ? "sparse=no" : "",
    ]
      .filter((word) => word !== "")
      .join(","),
  );
  if (count > 0) given.replace("disk", disks);
}

function convertFeatures(given: Given): void {
  if (given.has("features")) return;
  const off = ["noacpi", "noapic"].filter((name) => given.has(name));
  if (off.length > 0) {
    given.replace("features", [off.map((name) => `${name.slice(2)}=off`).join(",")]);
  }
}
