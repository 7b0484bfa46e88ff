/** Guest time: one clock for every hart, the ACLINT and the machine worker. */
import {
  CONTROL_BASE,
  CONTROL_DETERMINISTIC_TIME,
  CONTROL_TIME_OFFSET,
  HART_BASE,
  HART_INSTRET,
  TIMEBASE_HZ,
} from "../generated/layout";
import { nowMs } from "./env";

const TICKS_PER_MS: f64 = <f64>TIMEBASE_HZ / 1000.0;

/** Instructions of hart 0 per tick when CONTROL.deterministicTime is set: 100 MIPS. */
const INSTRUCTIONS_PER_TICK: u64 = 10;

/** Ticks of TIMEBASE_HZ since the machine was built, without the time it was paused. */
export function guestTime(): u64 {
  const offset = load<u64>(CONTROL_BASE + CONTROL_TIME_OFFSET);
  if (load<u32>(CONTROL_BASE + CONTROL_DETERMINISTIC_TIME)) {
    return load<u64>(HART_BASE + HART_INSTRET) / INSTRUCTIONS_PER_TICK + offset;
  }
  return <u64>(nowMs() * TICKS_PER_MS) + offset;
}
