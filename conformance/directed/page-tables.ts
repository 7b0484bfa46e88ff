/** Page tables that directed tests build, and accesses through them. */
import { DATA, ORIGIN, USER_ALIAS } from "./script.ts";
import type { ModeName, Script } from "./script.ts";

export const V = 1n;
export const R = 2n;
export const W = 4n;
export const X = 8n;
export const U = 16n;
const G = 32n;
export const A = 64n;
export const D = 128n;
export const N = 1n << 63n;
export const PBMT_NC = 1n << 61n;
export const RESERVED = 1n << 54n;

export const PAGE = 0x1000n;
export const FETCH_FAULT = 12n;
export const LOAD_FAULT = 13n;
export const STORE_FAULT = 15n;

/** Page tables, one page each, behind the data pages. */
const ROOT = DATA + 0x10_0000n;
export const TABLES = ROOT + PAGE;
/** Physical pages that tests map. */
export const PAGES = DATA;

/** A mode of satp: its number, and how many levels its tables have. */
export interface Scheme {
  readonly name: string;
  readonly mode: bigint;
  readonly levels: number;
}

export const SV39: Scheme = { name: "Sv39", mode: 8n, levels: 3 };
export const SCHEMES: readonly Scheme[] = [
  SV39,
  { name: "Sv48", mode: 9n, levels: 4 },
  { name: "Sv57", mode: 10n, levels: 5 },
];

export function pte(paddr: bigint, flags: bigint): bigint {
  return ((paddr >> 12n) << 10n) | flags;
}

function indexOf(vaddr: bigint, level: number): bigint {
  return (vaddr >> BigInt(12 + 9 * level)) & 0x1ffn;
}

/** Where the 4 KiB pages under test are: the gibibyte at index 4, away from code and its alias. */
export const VADDR = 0x1_0000_0000n;
/** Address of the last-level table that maps VADDR. */
export const LEAVES = TABLES + 3n * PAGE;

/**
 * Builds tables in which code runs: a gibibyte at ORIGIN for S-mode, the same memory behind
 * USER_ALIAS for U-mode, and a chain of tables to LEAVES.
 */
export function identityMap(t: Script, scheme: Scheme): void {
  let table = ROOT;
  // Upper levels of Sv48 and Sv57 have one entry that matters.
  for (let level = scheme.levels - 1; level > 2; level--) {
    const next = TABLES + BigInt(level - 3) * PAGE;
    t.poke(table, pte(next, V));
    table = next;
  }
  t.poke(table + 8n * indexOf(ORIGIN, 2), pte(ORIGIN, V | R | W | X | A | D | G));
  t.poke(table + 8n * indexOf(ORIGIN + USER_ALIAS, 2), pte(ORIGIN, V | R | W | X | U | A | D));
  const middle = TABLES + 2n * PAGE;
  t.poke(table + 8n * indexOf(VADDR, 2), pte(middle, V));
  t.poke(middle, pte(LEAVES, V));
  t.writeCsr("satp", (scheme.mode << 60n) | (ROOT >> 12n));
  t.raw("sfence.vma");
}

/** Maps the page at VADDR + index × 4 KiB. */
export function mapPage(t: Script, index: bigint, entry: bigint): void {
  t.poke(LEAVES + 8n * index, entry);
  t.raw("sfence.vma");
}

type AccessKind = "load" | "store" | "fetch";

/** Lines that access `vaddr`; a fetch calls code that returns at once. */
export function accessing(kind: AccessKind, vaddr: bigint): string[] {
  if (kind === "load") return [`li a0, ${vaddr}`, "ld a1, 0(a0)"];
  if (kind === "store") return [`li a0, ${vaddr}`, "sd a1, 0(a0)"];
  return [`li a0, ${vaddr}`, "jalr a0"];
}

const FAULTS = { load: LOAD_FAULT, store: STORE_FAULT, fetch: FETCH_FAULT } as const;

function offsetOf(mode: ModeName): bigint {
  return mode === "U" ? USER_ALIAS : 0n;
}

export function faults(
  t: Script,
  what: string,
  mode: ModeName,
  kind: AccessKind,
  vaddr: bigint,
): void {
  const expected = { cause: FAULTS[kind], tval: vaddr };
  t.traps(
    `${what}: ${kind} from ${mode} faults`,
    mode,
    accessing(kind, vaddr),
    expected,
    offsetOf(mode),
  );
}

export function works(
  t: Script,
  what: string,
  mode: ModeName,
  kind: AccessKind,
  vaddr: bigint,
): void {
  t.runs(`${what}: ${kind} from ${mode} works`, mode, accessing(kind, vaddr), offsetOf(mode));
}
