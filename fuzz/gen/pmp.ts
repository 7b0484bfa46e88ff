/** Random physical memory protection around a program's region. */
import type { Random } from "../random.ts";
import {
  CODE_AT,
  CODE_BYTES,
  DATA_AT,
  DATA_BYTES,
  PAGE,
  STUB_BASE,
  TABLES_AT,
  TABLES_PAGES,
  regionBase,
} from "../region.ts";

const R = 1;
const W = 2;
const X = 4;
const TOR = 1 << 3;
const NA4 = 2 << 3;
const NAPOT = 3 << 3;
const ALL = (1n << 54n) - 1n;

/** The address register of a naturally aligned range of `bytes`, a power of two from 8. */
function napot(base: number, bytes: number): bigint {
  return BigInt(base / 4) | BigInt(bytes / 8 - 1);
}

/** pmpcfg and pmpaddr values by register name. */
export type PmpState = Record<string, bigint>;

/** Entries 0 and 1 keep the trap stub and the code usable; the last one may allow the rest. */
export function randomPmp(random: Random, slot: number): PmpState {
  const region = regionBase(slot);
  const cfg: number[] = [NAPOT | R | X, NAPOT | R | X | (random.chance(80) ? W : 0)];
  const addr: bigint[] = [napot(STUB_BASE, PAGE), napot(region + CODE_AT, CODE_BYTES)];
  for (let i = 2; i < 15; i++) {
    if (random.chance(35)) {
      cfg.push(0);
      addr.push(random.chance(50) ? 0n : BigInt(place(random, region) / 4));
    } else {
      const kind = random.pick([TOR, TOR, NA4, NAPOT, NAPOT]);
      cfg.push(kind | permissions(random));
      addr.push(addressOf(random, region, kind));
    }
  }
  cfg.push(NAPOT | (random.chance(70) ? R | W | X : permissions(random)));
  addr.push(ALL);
  return stateOf(cfg, addr);
}

/** Everything allowed: what programs find that do not set PMP themselves. */
export function openPmp(): PmpState {
  return stateOf([NAPOT | R | W | X], [ALL]);
}

function stateOf(cfg: readonly number[], addr: readonly bigint[]): PmpState {
  const state: PmpState = {};
  for (let i = 0; i < 16; i++) state[`pmpaddr${i}`] = addr[i] ?? 0n;
  for (const half of [0, 1]) {
    let value = 0n;
    for (let i = 0; i < 8; i++) value |= BigInt(cfg[8 * half + i] ?? 0) << BigInt(8 * i);
    state[`pmpcfg${2 * half}`] = value;
  }
  return state;
}

/** W without R is reserved. */
function permissions(random: Random): number {
  return random.pick([0, R, R | W, X, R | X, R | W | X, R | W | X]);
}

/** A word address in the data, or now and then in the page tables. */
function place(random: Random, region: number): number {
  const at = random.chance(85) ? DATA_AT : TABLES_AT;
  const bytes = at === DATA_AT ? DATA_BYTES : TABLES_PAGES * PAGE;
  const exact = region + at + random.below(bytes / 4) * 4;
  return random.chance(40) ? exact - (exact % PAGE) : exact;
}

function addressOf(random: Random, region: number, kind: number): bigint {
  const at = place(random, region);
  if (kind !== NAPOT) return BigInt(at / 4);
  const bytes = random.pick([8, 16, 64, 256, 1024, PAGE, PAGE, 2 * PAGE]);
  return napot(at - (at % bytes), bytes);
}

/**
 * Whether an entry covers four bytes only: QEMU overlooks one that lies inside a misaligned access
 * and holds neither its first nor its last byte.
 */
export function hasTinyRange(state: PmpState): boolean {
  for (let i = 0; i < 16; i++) {
    const cfg = Number((state[`pmpcfg${i < 8 ? 0 : 2}`] ?? 0n) >> BigInt(8 * (i % 8))) & 0x18;
    if (cfg === NA4) return true;
    const distance = (state[`pmpaddr${i}`] ?? 0n) - (state[`pmpaddr${i - 1}`] ?? 0n);
    if (cfg === TOR && distance === 1n) return true;
  }
  return false;
}
