/**
 * Where the decode pages of a hart are: a hash table of DECODE_MAP_ENTRIES u64 at HART.decodeBase,
 * `page number << 16 | slot + 1`, 0 for none, with linear probing. It has several times the entries that
 * there are slots, so that a page is found at its first place or near it, and no page ever drives
 * another one out: pages that share a place are as likely hot as any, and would lose their decoding and
 * translations to each other at every turn.
 */
import { DECODE_MAP_ENTRIES, HART_DECODE_BASE } from "../generated/layout";

const MASK: u32 = <u32>(DECODE_MAP_ENTRIES - 1);
const SHIFT: u32 = 32 - <u32>ctz<usize>(DECODE_MAP_ENTRIES);
/** 2^32 divided by the golden ratio: neighbours go far from each other. */
const SPREAD: u32 = 0x9e37_79b1;

function homeOf(page: u64): u32 {
  return (<u32>page * SPREAD) >> SHIFT;
}

function entryAt(hs: usize, place: u32): usize {
  return <usize>load<u32>(hs + HART_DECODE_BASE) + ((<usize>place) << 3);
}

/** Place of the page's entry, or of the empty one where it would be. */
function placeOf(hs: usize, page: u64): u32 {
  let place = homeOf(page);
  while (true) {
    const entry = load<u64>(entryAt(hs, place));
    if (entry == 0 || entry >> 16 == page) return place;
    place = (place + 1) & MASK;
  }
}

/** Slot of the page plus 1; 0 when it has none. */
export function findPage(hs: usize, page: u64): u32 {
  return <u32>load<u64>(entryAt(hs, placeOf(hs, page))) & 0xffff;
}

export function putPage(hs: usize, page: u64, slot: u32): void {
  store<u64>(entryAt(hs, placeOf(hs, page)), (page << 16) | <u64>(slot + 1));
}

/** Removes a page; entries behind it that its place kept from theirs move up. */
export function removePage(hs: usize, page: u64): void {
  let hole = placeOf(hs, page);
  let place = hole;
  while (true) {
    store<u64>(entryAt(hs, hole), 0);
    let entry: u64;
    do {
      place = (place + 1) & MASK;
      entry = load<u64>(entryAt(hs, place));
      if (entry == 0) return;
    } while (((place - homeOf(entry >> 16)) & MASK) < ((place - hole) & MASK));
    store<u64>(entryAt(hs, hole), entry);
    hole = place;
  }
}
