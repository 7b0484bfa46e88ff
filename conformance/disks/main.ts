/**
 * Disks of a running guest: what the host does to them, hosts that fail, a machine that is killed, and
 * what fio finds. Takes the guests `shell` and `debian-full`, qemu-img and e2fsprogs; file systems are mounted where that is allowed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAULTS } from "./faults.ts";
import { HOST_COMMANDS } from "./host-commands.ts";
import { KILL } from "./kill.ts";
import { VERIFY } from "./verify.ts";

export interface DiskCheck {
  readonly name: string;
  /**
   * @param folder for its files
   * @returns what to say when it passed. @throws Error with the reason when it did not
   */
  run(folder: string): Promise<string>;
}

const at = process.argv.indexOf("--filter");
const filter = new RegExp(at < 0 ? "" : (process.argv[at + 1] ?? ""));
let failed = 0;
let passed = 0;
for (const check of [...HOST_COMMANDS, ...FAULTS, KILL, ...VERIFY]) {
  if (!filter.test(check.name)) continue;
  const folder = mkdtempSync(join(tmpdir(), "tabvisor-disks-"));
  try {
    console.log(`ok ${check.name}: ${await check.run(folder)}`);
    passed++;
  } catch (error) {
    console.log(`FAIL ${check.name}: ${error instanceof Error ? error.message : String(error)}`);
    failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
// Machines that hang would keep the process.
process.exit(failed === 0 ? 0 : 1);
