import { latin1 } from "../../util/bytes.ts";
import { DRIVERS } from "../formats/drivers.ts";

/** How sure a format is that an image is its own, as QEMU counts: 0 to 100. */
interface Probe {
  readonly driver: string;
  score(head: Uint8Array, filename: string): number;
}

/** Bytes of an image that are looked at. */
export const PROBE_BYTES = 2048;

const at = (head: Uint8Array, offset: number, text: string): boolean =>
  latin1(head.subarray(offset, offset + text.length)) === text;

/** Raw is what is left when nobody else claims an image. */
const PROBES: readonly Probe[] = [
  {
    driver: "qcow2",
    score: (head) => (at(head, 0, "QFI\xfb") && qcowVersion(head) >= 2 ? 100 : 0),
  },
  {
    driver: "qcow",
    score: (head) => (at(head, 0, "QFI\xfb") && qcowVersion(head) === 1 ? 100 : 0),
  },
  ...DRIVERS.map(({ name, probe }) => ({ driver: name, score: probe })),
];

function qcowVersion(head: Uint8Array): number {
  return head.length < 8 ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(4);
}

/** The format of an image by its first bytes; its name counts a little. */
export function probeFormat(head: Uint8Array, filename: string): string {
  let best = { driver: "raw", score: 1 };
  for (const { driver, score } of PROBES) {
    const found = score(head, filename);
    if (found > best.score) best = { driver, score: found };
  }
  return best.driver;
}
