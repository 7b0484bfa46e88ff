/** Mixes a number into a seed, so that neighbours give unrelated programs (murmur3's finaliser). */
export function mix(value: number): number {
  let h = Math.imul(value + 0x7f4a_7c15, 0x9e37_79b1);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
