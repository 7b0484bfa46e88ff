import type { RegisterMap } from "../bus/register-map.ts";

/** The goldfish RTC, as QEMU's virt board carries it: nanoseconds since 1970 in two halves. */
export const RTC_REGS = {
  /** Reading latches the high half, so that TIME_LOW then TIME_HIGH is consistent. */
  TIME_LOW: { at: 0x00, access: "rw" },
  TIME_HIGH: { at: 0x04, access: "rw" },
  /** Writing arms the alarm; ALARM_HIGH is to be written first. */
  ALARM_LOW: { at: 0x08, access: "rw" },
  ALARM_HIGH: { at: 0x0c, access: "rw" },
  IRQ_ENABLED: { at: 0x10, access: "rw" },
  CLEAR_ALARM: { at: 0x14, access: "wo" },
  ALARM_STATUS: { at: 0x18, access: "ro" },
  CLEAR_INTERRUPT: { at: 0x1c, access: "wo" },
} as const satisfies RegisterMap;
