/** The values that parts of the guest other than devices have where options give none. */
import { securityModels } from "./capabilities.ts";
import { finishDevice } from "./default-values.ts";
import type { Guest } from "./guest.ts";
import type { OptionTable } from "./option-row.ts";
import type { Part } from "./part.ts";
import {
  isArm64,
  isArmVirt,
  isContainer,
  isHvm,
  isQ35,
  isQemu,
  isTest,
  isUefi,
  isX86,
} from "./platform.ts";

export function setClock(guest: Guest): void {
  if (!isHvm(guest)) return;
  const clock = guest.domain.one("clock");
  clock.preset("@offset", "utc");
  if (clock.list("timers").length > 0 || !isX86(guest) || !isQemu(guest)) return;
  const timer = (name: string, path: string, value: string | boolean): void => {
    const made = clock.add("timers");
    made.set("@name", name);
    made.set(path, value);
  };
  timer("rtc", "@tickpolicy", "catchup");
  timer("pit", "@tickpolicy", "delay");
  timer("hpet", "@present", false);
}

export function setCpu(guest: Guest): void {
  const cpu = guest.domain.one("cpu");
  if (!cpu.isEmpty() || guest.cpuModeIsSet || (!isTest(guest) && !isQemu(guest))) return;
  const isKvm = guest.get("@type") === "kvm";
  if (isKvm && (isArmVirt(guest) || isX86(guest))) {
    cpu.set("@mode", "host-passthrough");
  } else if (isArm64(guest) && isArmVirt(guest)) {
    cpu.set("@mode", "custom");
    cpu.set("@match", "exact");
    cpu.set("model", "cortex-a57");
  }
}

export function setFeatures(guest: Guest): void {
  const features = guest.domain.one("features");
  if (!isHvm(guest)) return;
  const offered = guest.offer().features;
  for (const name of ["acpi", "apic", "pae"]) {
    if (features.value(name) === undefined) features.set(name, offered.has(name));
  }
}

export function setSecurityLabels(guest: Guest): void {
  const models = securityModels(guest.around.capabilities);
  for (const label of guest.domain.list("seclabels")) {
    if (label.get("@type") === undefined && label.get("@model") === undefined) continue;
    label.preset("@type", "dynamic");
    if (label.get("@model") !== undefined) continue;
    const parts = label.get("label")?.split(":").length ?? 0;
    const guessed = parts === 0 ? models[0] : parts >= 3 ? "selinux" : parts === 2 ? "dac" : null;
    label.set("@model", models.includes("testSecurity") ? "testSecurity" : guessed);
  }
}

/** No sleep where users do not ask for it: guests rarely wake up again. */
export function setSleep(guest: Guest): void {
  if (!isX86(guest) || !(isQemu(guest) || isTest(guest))) return;
  for (const name of ["mem", "disk"]) {
    const path = `pm:suspend-to-${name}/@enabled`;
    if (guest.domain.get(path) === undefined) guest.set(path, false);
  }
}

export function setInit(guest: Guest): void {
  if (!isContainer(guest) || guest.get("os:init") !== undefined) return;
  const isWholeSystem = guest.devices("filesystem").some((each) => each.get("target/@dir") === "/");
  guest.set("os:init", isWholeSystem ? "/sbin/init" : "/bin/sh");
}

/** @throws Error in the real tool's words */
function setLaunchSecurity(guest: Guest): void {
  const security = guest.domain.one("launchSecurity");
  if (security.get("@type") !== "sev") return;
  if (!isQ35(guest) || !isUefi(guest)) {
    throw new Error("SEV launch security requires a Q35 UEFI machine");
  }
  security.preset("policy", "0x03");
}

const FINISH: Readonly<Record<string, (guest: Guest) => void>> = {
  clock: setClock,
  cpu: setCpu,
  features: setFeatures,
  launchSecurity: setLaunchSecurity,
  os: setInit,
  pm: setSleep,
  seclabels: setSecurityLabels,
};

/** Fills in what an option's part of the guest leaves open. @throws Error in the real tool's words */
export function finishPartOf(guest: Guest, { part = "" }: OptionTable, made: Part): void {
  if (part.startsWith("devices:")) finishDevice(guest, part.slice("devices:".length), made);
  else FINISH[part]?.(guest);
}
