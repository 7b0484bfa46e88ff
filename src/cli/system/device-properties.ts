/** Properties that QEMU's virtio devices have in common. */
import type { VirtioAttachment } from "../../protocol/machine-service.ts";
import { UsageError } from "./usage-error.ts";
import type { KeyedList } from "./values.ts";

const RING_KEYS = ["packed", "event_idx", "indirect_desc"] as const;

export const ATTACHMENT_KEYS = {
  pci: [...RING_KEYS, "addr", "disable-legacy", "vectors"],
  mmio: RING_KEYS,
} as const;

/** Highest device number on the bus. */
const LAST_SLOT = 31;
/** Vectors of the largest MSI-X table that QEMU gives a device. */
const MOST_VECTORS = 128;

/**
 * Where a virtio device is plugged in, and how.
 *
 * @throws UsageError in QEMU's words
 */
export function attachment(
  list: KeyedList,
  option: string,
  transport: "pci" | "mmio",
): VirtioAttachment {
  const { keys } = list;
  checkBus(keys.get("bus"), option, transport);
  const addr = keys.get("addr");
  const vectors = keys.get("vectors");
  const legacy = keys.get("disable-legacy") ?? "auto";
  return {
    transport,
    ...(addr !== undefined && { slot: slotOf(option, list.head ?? "", addr) }),
    ...(legacy !== "auto" && { disableLegacy: onOff(option, "disable-legacy", legacy) }),
    ...(vectors !== undefined && { vectors: vectorsOf(option, vectors) }),
    ...flag(list, option, "packed", "packed"),
    ...flag(list, option, "event_idx", "eventIdx"),
    ...flag(list, option, "indirect_desc", "indirectDesc"),
  };
}

function checkBus(bus: string | undefined, option: string, transport: "pci" | "mmio"): void {
  if (bus === undefined || (transport === "pci" && bus === "pcie.0")) return;
  if (transport === "mmio" && /^virtio-mmio-bus\.[0-7]$/.test(bus)) return;
  throw new UsageError(`${option}: Bus '${bus}' not found`);
}

function flag<K extends string>(list: KeyedList, option: string, key: string, name: K) {
  const value = list.keys.get(key);
  return value === undefined
    ? {}
    : ({ [name]: onOff(option, key, value) } as { [P in K]: boolean });
}

/** @throws UsageError in QEMU's words */
export function onOff(option: string, key: string, text: string): boolean {
  if (["on", "yes", "true", "y"].includes(text)) return true;
  if (["off", "no", "false", "n"].includes(text)) return false;
  throw new UsageError(`${option}: Parameter '${key}' expects 'on' or 'off'`);
}

/** `SLOT` or `SLOT.FUNCTION`, in hexadecimal with or without 0x. */
function slotOf(option: string, name: string, text: string): number {
  const match = /^(?:0x)?([0-9a-f]{1,2})(?:\.([0-7]))?$/i.exec(text);
  const slot = match ? parseInt(match[1] ?? "", 16) : NaN;
  if (!(slot <= LAST_SLOT)) {
    throw new UsageError(`${option}: Property '${name}.addr' doesn't take value '${text}'`);
  }
  if (Number(match?.[2] ?? 0) > 0) {
    throw new UsageError(`${option}: only function 0 of a slot can be used`);
  }
  return slot;
}

function vectorsOf(option: string, text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count <= MOST_VECTORS) return count;
  throw new UsageError(`${option}: Parameter 'vectors' expects a number up to ${MOST_VECTORS}`);
}
