import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { coreFrame } from "./elf-core.ts";

const GUEST = {
  memory: [
    { start: 0x1000, sizeBytes: 0x1000 },
    { start: 0x8000_0000, sizeBytes: 0x2000 },
  ],
  harts: [0n, 100n].map((base) => ({
    pc: 0x8000_0000n + base,
    x: Array.from({ length: 32 }, (_, n) => (n === 0 ? 0n : base + BigInt(n))),
  })),
};

/** Words of a note that Linux calls elf_prstatus. */
function registers(head: Uint8Array, hart: number): bigint[] {
  const notesAt = 64 + 2 * 64 + 3 * 56;
  const at = notesAt + hart * 396 + 20 + 112;
  const view = new DataView(head.buffer);
  return Array.from({ length: 32 }, (_, i) => view.getBigUint64(at + 8 * i, true));
}

function has(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a core of guest memory", () => {
  it("has the registers of each hart: pc, then x1 to x31", () => {
    const { head } = coreFrame(GUEST);
    GUEST.harts.forEach(({ pc, x }, i) => expect(registers(head, i)).toEqual([pc, ...x.slice(1)]));
  });

  it.skipIf(!has("readelf"))("is what readelf understands", () => {
    const folder = mkdtempSync(join(tmpdir(), "core-"));
    try {
      const path = join(folder, "core");
      const { head, tail } = coreFrame(GUEST);
      writeFileSync(path, Buffer.concat([head, new Uint8Array(0x3000), tail]));
      const text = execFileSync("readelf", ["-hlSnW", path], { encoding: "utf8" });
      expect(text).toContain("CORE (Core file)");
      expect(text).toContain("RISC-V");
      expect(text.match(/NT_PRSTATUS \(prstatus structure\)/g)).toHaveLength(2);
      const load = (from: string, bytes: string): RegExp =>
        new RegExp(`LOAD +0x[0-9a-f]+ 0x0*${from} 0x0*${from} 0x0*${bytes} 0x0*${bytes} `);
      expect(text).toMatch(load("1000", "1000"));
      expect(text).toMatch(load("80000000", "2000"));
      expect(text).toContain(".shstrtab");
      expect(text).not.toContain("Warning");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
