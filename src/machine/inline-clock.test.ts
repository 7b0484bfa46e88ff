import { describe, expect, it } from "vitest";
import { clockContract } from "../device/testing/clock-contract.ts";
import { CONTROL, CONTROL_BASE } from "../protocol/layout.ts";
import { ControlView } from "./hart-view.ts";
import { InlineClock } from "./inline-clock.ts";

const NEVER = 0xffff_ffff_ffff_ffffn;

/** A core whose time is the offset alone. */
function make() {
  const buffer = new SharedArrayBuffer(0x2_0000);
  const view = new DataView(buffer, CONTROL_BASE);
  const core = { guestTime: () => view.getBigInt64(CONTROL.at.timeOffset, true) };
  const clock = new InlineClock(core, new ControlView(buffer));
  const advance = (ns: bigint): void => {
    clock.skipTo([clock.ticks() + (ns + 99n) / 100n]);
    clock.fire();
  };
  return { clock, advance };
}

clockContract("InlineClock", () => {
  const { clock, advance } = make();
  // A jump stops at the first alarm, so a long one takes several.
  const advanceAll = (ns: bigint): void => {
    const end = clock.monotonicNs() + ns;
    while (clock.monotonicNs() < end) advance(end - clock.monotonicNs());
  };
  return { clock, advance: advanceAll };
});

describe("InlineClock", () => {
  it("jumps to the first deadline or alarm", () => {
    const { clock } = make();
    clock.at(500n, () => {});
    expect(clock.skipTo([NEVER, 9n])).toBe(true);
    expect(clock.ticks()).toBe(5n);
    clock.fire();
    expect(clock.skipTo([NEVER, 9n])).toBe(true);
    expect(clock.ticks()).toBe(9n);
    expect(clock.skipTo([NEVER])).toBe(false);
  });

  it("lets instructions' time pass", () => {
    const { clock } = make();
    clock.passInstructions(105);
    expect(clock.ticks()).toBe(10n);
  });
});
