import { OpenPgpError, Reader } from "./reader.ts";

/** Packet type ids of RFC 9580 §5 that this verifier reads. */
export const PacketTag = { signature: 2, publicKey: 6, publicSubkey: 14 } as const;

/** One packet: its type id and body. */
export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** Splits a sequence of packets. Partial lengths are refused: keys and signatures have none. */
export function readPackets(bytes: Uint8Array): Packet[] {
  const reader = new Reader(bytes);
  const packets: Packet[] = [];
  while (reader.left > 0) {
    const header = reader.u8();
    if ((header & 0x80) === 0) {
      throw new OpenPgpError("a packet header has bit 7 clear");
    }
    const current = (header & 0x40) !== 0;
    const tag = current ? header & 0x3f : (header >> 2) & 0xf;
    const length = current ? newLength(reader) : oldLength(reader, header & 3);
    packets.push({ tag, body: reader.bytes(length) });
  }
  return packets;
}

/** RFC 9580 §4.2.1, also the form of subpacket lengths up to 254 in the first octet (§5.2.3.7). */
export function newLength(reader: Reader): number {
  const first = reader.u8();
  if (first < 192) {
    return first;
  }
  if (first < 224) {
    return (first - 192) * 256 + reader.u8() + 192;
  }
  if (first === 255) {
    return reader.u32();
  }
  throw new OpenPgpError("a packet has a partial length");
}

/** RFC 9580 §4.2.2. */
function oldLength(reader: Reader, type: number): number {
  switch (type) {
    case 0:
      return reader.u8();
    case 1:
      return reader.u16();
    case 2:
      return reader.u32();
    default:
      return reader.left;
  }
}
