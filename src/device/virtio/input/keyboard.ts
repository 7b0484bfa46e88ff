/** The configuration of QEMU's `virtio-keyboard` devices. */
import { asciiBytes } from "../../../util/bytes.ts";
import { KEY_CODES } from "../../../util/qemu-keys.ts";
import { bitmap, type ConfigItem, devidsBytes, EventType, Led, Select } from "./regs.ts";

/** PCI class of a keyboard controller. */
export const KEYBOARD_CLASS = 0x0900;

/** Linux's BUS_VIRTUAL, then vendor, product and version as QEMU gives them. */
const DEVIDS = [0x0006, 0x0627, 0x0001, 0x0001] as const;

/** @param serial ASCII; none when empty */
export function keyboardConfig(serial = ""): readonly ConfigItem[] {
  const evBits = (subsel: number, bytes: Uint8Array): ConfigItem => ({
    select: Select.evBits,
    subsel,
    bytes,
  });
  return [
    // The name ends with a zero byte, which its size counts, under QEMU.
    { select: Select.idName, bytes: asciiBytes("QEMU Virtio Keyboard\0") },
    ...(serial === "" ? [] : [{ select: Select.idSerial, bytes: asciiBytes(serial) }]),
    { select: Select.idDevids, bytes: devidsBytes(...DEVIDS) },
    evBits(EventType.key, bitmap(KEY_CODES)),
    evBits(EventType.led, bitmap(Object.values(Led))),
    // The kernel repeats keys itself; there is nothing to say of how.
    evBits(EventType.rep, Uint8Array.of(0)),
  ];
}
