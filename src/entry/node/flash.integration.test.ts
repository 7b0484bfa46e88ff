/** Flash and its images under the command line: it needs `npm run build`. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EFI, readGuest } from "../../../guests/index.ts";
import { assemble } from "../../isa/assemble.ts";

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const PROGRAM = path("../../../bin/tabvisor.mjs");
const isBuilt =
  existsSync(path("../../../dist/core.wasm")) &&
  existsSync(path("../../../dist/src/entry/node/main.js"));
const hasEfi = readGuest(EFI) !== null;

const BANK_BYTES = 0x200_0000;
/** Counts its boots in the second bank, prints how many there were, and powers off. */
const COUNTER = `
  li s0, 0x22000000
  lw s1, 0(s0)
  addi s1, s1, 1
  li t0, 0x00400040
  sw t0, 0(s0)
  sw s1, 0(s0)
  li t0, 0x00ff00ff
  sw t0, 0(s0)
  lw s1, 0(s0)
  addi s1, s1, 48
  li t0, 0x10000000
  sb s1, 0(t0)
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
  1: j 1b
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabvisor-flash-"));
  const code = await open(join(folder, "code.fd"), "w");
  await code.write(assemble(COUNTER, { origin: 0x2000_0000n }).bytes);
  await code.truncate(BANK_BYTES);
  await code.close();
  const vars = await open(join(folder, "vars.fd"), "w");
  await vars.truncate(BANK_BYTES);
  await vars.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a machine; it is forced off when it printed `until`. */
function run(args: readonly string[], until?: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, "system", ...args], { cwd: folder });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      stdout += text;
      if (until !== undefined && stdout.includes(until)) child.stdin.end("\x01x", "latin1");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", () => resolve({ stdout, stderr }));
  });
}

const BANKS = [
  ...["-drive", "if=pflash,format=raw,file=code.fd,readonly=on"],
  ...["-drive", "if=pflash,format=raw,file=vars.fd"],
];

describe.skipIf(!isBuilt)("flash", () => {
  test("is started without firmware, and keeps what is programmed between processes", async () => {
    for (const count of ["1", "2"]) {
      expect(await run(["-bios", "none", ...BANKS])).toEqual({ stdout: count, stderr: "" });
    }
    expect((await readFile(join(folder, "vars.fd"))).readUInt32LE(0)).toBe(2);
  });

  test("has images as long as a bank only", async () => {
    const short = await open(join(folder, "short.fd"), "w");
    await short.truncate(BANK_BYTES / 2);
    await short.close();
    const { stderr } = await run(["-bios", "none", "-drive", "if=pflash,format=raw,file=short.fd"]);
    expect(stderr).toContain(
      "pflash0: device requires 33554432 bytes, block backend provides 16777216 bytes",
    );
  });

  test.skipIf(!hasEfi)(
    "holds EDK2, which starts and writes its variables",
    async () => {
      const vars = join(folder, "efi.fd");
      const args = ["--firmware", `efi,vars=${vars}`, "-m", "256"];
      const { stdout, stderr } = await run(args, "UEFI Interactive Shell");
      expect(stdout).toContain("EDK2 firmware version");
      expect(stderr).toContain(`a new file of EFI variables: ${vars}`);
      const written = await readFile(vars);
      expect(written.includes(Buffer.from("BootOrder\0", "utf16le"))).toBe(true);
    },
    120_000,
  );
});
