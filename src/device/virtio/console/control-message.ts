/** struct virtio_console_control: le32 id, le16 event, le16 value, and more with some events (virtio 1.3 §5.3.6.2). */
import { concatBytes, viewOf } from "../../../util/bytes.ts";

export const CONTROL_BYTES = 8;

export const ControlEvent = {
  /** Driver: it is there (value 1), or failed. */
  deviceReady: 0,
  /** Device: there is a port. */
  deviceAdd: 1,
  deviceRemove: 2,
  /** Driver: it can use the port (value 1). */
  portReady: 3,
  /** Device: the port is a console. */
  consolePort: 4,
  resize: 5,
  /** Either: it has opened (value 1) or closed its side of the port. */
  portOpen: 6,
  /** Device: the port's name follows, without a zero. */
  portName: 7,
} as const;

export interface ControlMessage {
  readonly port: number;
  /** A value of `ControlEvent`, or anything else that a driver says. */
  readonly event: number;
  readonly value: number;
}

/** Null where there are too few bytes. */
export function parseControl(bytes: Uint8Array): ControlMessage | null {
  if (bytes.length < CONTROL_BYTES) return null;
  const view = viewOf(bytes);
  return {
    port: view.getUint32(0, true),
    event: view.getUint16(4, true),
    value: view.getUint16(6, true),
  };
}

export function formatControl(
  { port, event, value }: ControlMessage,
  more: Uint8Array = new Uint8Array(),
): Uint8Array {
  const head = new Uint8Array(CONTROL_BYTES);
  const view = viewOf(head);
  view.setUint32(0, port, true);
  view.setUint16(4, event, true);
  view.setUint16(6, value, true);
  return concatBytes([head, more]);
}
