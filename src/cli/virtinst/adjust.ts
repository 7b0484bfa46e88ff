/** Spellings and shorthands that options had before, turned into today's. */
import type { OptionUse } from "./apply-option.ts";
import { namesAndValues, type SubOptions } from "./suboptions.ts";
import { switchValue } from "./numbers.ts";
import { ToolError } from "./errors.ts";

type Adjust = (options: SubOptions, use: OptionUse) => void;

/** Renames, keeping the value; the new one stands last. */
function rename(options: SubOptions, from: string, to: string): void {
  const value = options.get(from);
  if (value === undefined) return;
  options.delete(from);
  options.set(to, value);
}

const renames =
  (...pairs: readonly (readonly [string, string])[]): Adjust =>
  (options) => {
    for (const [from, to] of pairs) rename(options, from, to);
  };

/** Today's `memory` is the most that there can be; it was what there is. */
const memory: Adjust = (options) => {
  if (options.has("currentMemory")) {
    rename(options, "maxmemory", "memory");
  } else {
    rename(options, "memory", "currentMemory");
    rename(options, "maxmemory", "memory");
  }
};

const vcpus: Adjust = (options) => {
  rename(options, "cpuset", "vcpu.cpuset");
  rename(options, "vcpus", "vcpu");
  if (options.has("maxvcpus") && !options.has("vcpu.current")) {
    rename(options, "vcpu", "vcpu.current");
  }
  rename(options, "maxvcpus", "vcpu");
};

const POLICIES = ["force", "require", "optional", "disable", "forbid"];

/** `+name` and `-name` beside `force=name`; names of one policy stand behind NULs. */
const cpu: Adjust = (options, { text }) => {
  const found = new Map<string, string[]>();
  const note = (policy: string, name: string): void => {
    found.set(policy, [...(found.get(policy) ?? []), name]);
  };
  for (const [key, value] of namesAndValues(text)) {
    if (POLICIES.includes(key) && value !== null) note(key, value);
  }
  for (const [key, value] of [...options]) {
    const sign = key.charAt(0);
    if (value !== null || key.length === 1 || (sign !== "+" && sign !== "-")) continue;
    options.delete(key);
    note(sign === "+" ? "force" : "disable", key.slice(1));
  }
  for (const [policy, names] of found) options.set(policy, names.join("\0"));
};

const BOOT_DEVICES = new Set(["hd", "cdrom", "fd", "network"]);

const boot: Adjust = (options, { guest }) => {
  const devices = [...options.keys()].filter((name) => BOOT_DEVICES.has(name));
  for (const name of devices) options.delete(name);
  if (devices.length > 0) {
    guest.domain.removeAll("os:bootdevs");
    for (const name of devices) guest.domain.one("os").add("bootdevs").set("@dev", name);
  }
  if (options.has("uefi")) options.set("uefi", "yes");
};

const network: Adjust = (options) => {
  renames(["model", "model.type"], ["mac", "mac.address"])(options, {} as OptionUse);
  if (options.has("type")) {
    options.delete("network");
    options.delete("bridge");
    return;
  }
  const kind = ["network", "bridge"].find((name) => options.has(name));
  if (kind === undefined) return;
  options.set("type", kind);
  rename(options, kind, "source");
};

const tpm: Adjust = (options) => {
  if (options.get("type")?.startsWith("/") === true) rename(options, "type", "path");
  if (options.get("type") === "default") options.delete("type");
};

const rng: Adjust = (options) => {
  renames(["type", "backend.model"], ["device", "backend"])(options, {} as OptionUse);
  if (options.get("backend.model")?.startsWith("/") !== true) return;
  rename(options, "backend.model", "backend");
  options.set("backend.model", "random");
};

const panic: Adjust = (options) => {
  const model = options.get("model");
  if (options.size !== 1 || model?.startsWith("0x") !== true) return;
  options.set("address.iobase", model);
  options.set("model", "isa");
};

const clock: Adjust = (options) => {
  for (const name of ["platform", "hpet", "tsc", "kvmclock", "hypervclock"]) {
    options.delete(`${name}_tickpolicy`);
  }
};

const sysinfo: Adjust = (options) => {
  if (!options.has("type")) options.set("type", "smbios");
};

/** The whole text is one value here. */
const qemuCommandline: Adjust = (options, { text }) => {
  options.clear();
  const [, name = "args", value = text] = /^(env|args|clearxml)=(.*)$/s.exec(text) ?? [];
  options.set(name, value);
};

/** `perms=ro` was `readonly=on`. @throws ToolError */
const disk: Adjust = (options) => {
  renames(["bus", "target.bus"], ["cache", "driver.cache"])(options, {} as OptionUse);
  const perms = options.get("perms");
  options.delete("perms");
  if (perms === "ro") options.set("readonly", "on");
  else if (perms === "sh") options.set("shareable", "on");
  else if (perms !== undefined && perms !== null && perms !== "rw") {
    throw new ToolError(`Unknown 'perms' value '${perms}'`);
  }
  const sparse = options.get("sparse");
  if (typeof sparse === "string" && switchValue(sparse) === undefined) {
    throw new ToolError("sparse must be 'yes' or 'no'");
  }
};

const character = renames(
  ["path", "source.path"],
  ["mode", "source.mode"],
  ["bind_host", "source.bind_host"],
);

const ADJUSTS: Readonly<Record<string, Adjust>> = {
  memory,
  vcpus,
  cpu,
  boot,
  network,
  tpm,
  rng,
  panic,
  clock,
  sysinfo,
  disk,
  qemu_commandline: qemuCommandline,
  serial: character,
  parallel: character,
  channel: character,
  console: character,
};

/** @throws ToolError in the real tool's words */
export function adjustSubOptions(use: OptionUse, options: SubOptions): void {
  ADJUSTS[use.table.name]?.(options, use);
}
