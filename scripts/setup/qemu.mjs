import { installDeb } from "./apt.mjs";
import { findOnPath } from "./browser.mjs";

/** Debian 13 and later have a package of its own, earlier ones a common one. */
const PACKAGES = ["qemu-system-riscv", "qemu-system-misc"];

/**
 * Makes sure, where that is possible, that qemu-system-riscv64 is there for differential fuzzing.
 *
 * @returns {Promise<boolean>}
 */
export async function ensureQemu() {
  if (findOnPath("qemu-system-riscv64") !== undefined) return true;
  await installDeb(PACKAGES);
  return findOnPath("qemu-system-riscv64") !== undefined;
}
