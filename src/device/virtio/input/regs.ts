/** Numbers of virtio-input's interface (virtio 1.3 §5.8) and of Linux's event types that it carries. */
import { concatBytes, viewOf } from "../../../util/bytes.ts";

export const EVENT_QUEUE = 0;
export const STATUS_QUEUE = 1;

/** struct virtio_input_config: u8 select, subsel, size, reserved[5], then the item (§5.8.4). */
export const InputConfig = { select: 0, subsel: 1, size: 2, payload: 8 } as const;

/** What `select` asks for (§5.8.4); with `evBits`, `subsel` is an event type. */
export const Select = { idName: 0x01, idSerial: 0x02, idDevids: 0x03, evBits: 0x11 } as const;

/** Event types and codes of Linux's input-event-codes.h. */
export const EventType = { syn: 0x00, key: 0x01, led: 0x11, rep: 0x14 } as const;
export const SYN_REPORT = 0;
export const Led = { numLock: 0, capsLock: 1, scrollLock: 2 } as const;

/** One item of the configuration space; without `subsel` it is 0. */
export interface ConfigItem {
  readonly select: number;
  readonly subsel?: number;
  readonly bytes: Uint8Array;
}

/** struct virtio_input_event (§5.8.6): le16 type, le16 code, le32 value. */
export interface InputEvent {
  readonly type: number;
  readonly code: number;
  readonly value: number;
}
export const EVENT_BYTES = 8;

export function eventBytes({ type, code, value }: InputEvent): Uint8Array {
  const bytes = new Uint8Array(EVENT_BYTES);
  const view = viewOf(bytes);
  view.setUint16(0, type, true);
  view.setUint16(2, code, true);
  view.setUint32(4, value, true);
  return bytes;
}

/** @param bytes at least EVENT_BYTES of them */
export function parseEvent(bytes: Uint8Array): InputEvent {
  const view = viewOf(bytes);
  return {
    type: view.getUint16(0, true),
    code: view.getUint16(2, true),
    value: view.getUint32(4, true),
  };
}

/** struct virtio_input_devids: le16 bus type, vendor, product, version. */
export function devidsBytes(...ids: readonly number[]): Uint8Array {
  return concatBytes(ids.map((id) => Uint8Array.of(id & 0xff, id >> 8)));
}

/** A set of codes as the bitmap that EV_BITS has: code N is bit N % 8 of byte N / 8. */
export function bitmap(codes: Iterable<number>): Uint8Array {
  const all = [...codes];
  const bytes = new Uint8Array(Math.floor(Math.max(...all) / 8) + 1);
  for (const code of all) bytes[code >> 3] = (bytes[code >> 3] ?? 0) | (1 << (code & 7));
  return bytes;
}
