/** Questions about the guest's processor, machine and connection. */
import type { Guest } from "./guest.ts";

/** The connection's driver by its URI. */
export function driverOf(guest: Guest): string {
  return /^([a-z]+)/i.exec(guest.around.connect.uri)?.[1] ?? "";
}

export const isQemu = (guest: Guest): boolean => driverOf(guest) === "qemu";
export const isTest = (guest: Guest): boolean => driverOf(guest) === "test";
export const isXen = (guest: Guest): boolean => driverOf(guest) === "xen";
export const isSession = (guest: Guest): boolean =>
  /^qemu[^:]*:\/\/[^/]*\/session/.test(guest.around.connect.uri);

const arch = (guest: Guest): string => guest.get("os:type/@arch") ?? "";
const machine = (guest: Guest): string => guest.get("os:type/@machine") ?? "";

export const isX86 = (guest: Guest): boolean => ["x86_64", "i686"].includes(arch(guest));
export const isQ35 = (guest: Guest): boolean => isX86(guest) && machine(guest).includes("q35");
export const isArm64 = (guest: Guest): boolean => arch(guest) === "aarch64";
export const isArm = (guest: Guest): boolean => isArm64(guest) || arch(guest) === "armv7l";
export const isArmVirt = (guest: Guest): boolean =>
  isArm(guest) && machine(guest).startsWith("virt");
export const isRiscvVirt = (guest: Guest): boolean =>
  ["riscv64", "riscv32"].includes(arch(guest)) && machine(guest).startsWith("virt");
export const isPseries = (guest: Guest): boolean =>
  ["ppc64", "ppc64le"].includes(arch(guest)) && machine(guest).startsWith("pseries");
export const isS390 = (guest: Guest): boolean => arch(guest) === "s390x";
export const hasPcie = (guest: Guest): boolean =>
  isQ35(guest) || isArmVirt(guest) || isRiscvVirt(guest);

export const isHvm = (guest: Guest): boolean => guest.get("os:type") === "hvm";
export const isXenPv = (guest: Guest): boolean =>
  ["xen", "linux"].includes(guest.get("os:type") ?? "");
export const isContainer = (guest: Guest): boolean => guest.get("os:type") === "exe";

/** Whether the machine or the operating system makes virtio devices the natural choice. */
export function prefersVirtio(guest: Guest): boolean {
  if (!isQemu(guest)) return false;
  const always = [isArmVirt, isRiscvVirt, isS390, isPseries].some((is) => is(guest));
  return always || (guest.os.hasVirtio && isX86(guest));
}

export const hasSpice = (guest: Guest): boolean =>
  guest.devices("graphics").some((each) => each.get("@type") === "spice");
export const hasGl = (guest: Guest): boolean =>
  guest.devices("graphics").some((each) => each.get("gl/@enable") === "yes");

export function isUefi(guest: Guest): boolean {
  const hasFlash = guest.get("os:loader") !== undefined;
  return (
    (hasFlash && guest.get("os:loader/@type") === "pflash") || guest.get("os:@firmware") === "efi"
  );
}
