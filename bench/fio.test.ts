import { expect, it } from "vitest";
import { fioTable, rateOf } from "./fio.ts";

function terse(error: number, readKib: number, writeKib: number): string {
  const fields = Array.from({ length: 130 }, () => "0");
  fields.splice(0, 5, "3", "fio-3.39", "bench", "0", String(error));
  fields[6] = String(readKib);
  fields[47] = String(writeKib);
  return `run read 1 /dev/vdb\r\n${fields.join(";")}\r\nroot@debian:~# `;
}

it("reads the rate out of what fio prints", () => {
  expect(rateOf(terse(0, 2048, 0))).toBe(2);
  expect(rateOf(terse(0, 0, 512))).toBe(0.5);
  expect(() => rateOf(terse(5, 2048, 0))).toThrow("fio failed");
  expect(() => rateOf("fio: not found")).toThrow("not found");
});

it("shows ratios to QEMU, and of the formats", () => {
  const rates = (qemu: number, node: number) => new Map(Object.entries({ qemu, node }));
  const text = fioTable([
    { task: { pattern: "read", depth: 1, format: "raw" }, rates: rates(10, 8) },
    { task: { pattern: "read", depth: 1, format: "qcow2" }, rates: rates(5, 6) },
  ]);
  expect(text).toContain("| read, 1 at a time, raw   |       10.0 |  8.0 |   0.80 |");
  expect(text).toContain("- qcow2 has 0.75 × the rate of raw under node (geometric mean).");
});
