import { expect, test } from "vitest";
import { machineStats, NO_VCPU_STATS, type VcpuStats } from "../../protocol/stats.ts";
import { param } from "./typed-params.ts";
import { machineStatsFrom, vcpuParams } from "./vcpu-counters.ts";

/** Each counter another number. */
function distinct(): VcpuStats {
  let next = 10;
  return JSON.parse(
    JSON.stringify(NO_VCPU_STATS, (_, value: unknown) => (value === 0 ? ++next : value)),
  );
}

test("no counter is lost on the way over a connection", () => {
  const stats = machineStats([distinct(), { ...distinct(), instructions: 0 }], 64 * 1024);
  const params = [
    param.uint("vcpu.current", 2),
    ...stats.vcpus.flatMap((each, at) => vcpuParams(each, at)),
    param.ullong("balloon.rss", 64n),
  ];
  expect(machineStatsFrom(params)).toEqual(stats);
});

test("names follow libvirt's scheme, and none is there twice", () => {
  const fields = vcpuParams(distinct(), 3).map(({ field }) => field);
  expect(new Set(fields).size).toBe(fields.length);
  for (const field of fields) expect(field).toMatch(/^vcpu\.3\.(time|halted|[a-z_]+\.(sum|cur))$/);
});

test("exits are the sum of all kinds", () => {
  const exits = { mmioRead: 1, mmioWrite: 2, wfi: 4, request: 8 };
  const params = vcpuParams({ ...NO_VCPU_STATS, exits }, 0);
  const value = (field: string) => params.find((each) => each.field === field)?.value;
  expect(value("vcpu.0.exits.sum")).toBe(15n);
  expect(value("vcpu.0.mmio_exit_user.sum")).toBe(3n);
  expect(value("vcpu.0.halted")).toBe(false);
});
