/** The APLIC as tests speak of it (Node, not AssemblyScript): registers by the specification's names. */
import { Irqchip as Map } from "../../../src/protocol/layout.ts";
import { Board } from "../harness.ts";

/** Both interrupt domains, by their addresses. */
export const [ROOT, CHILD] = [Map.aplicM, Map.aplicS];
export const R = {
  domaincfg: 0,
  mmsiaddrcfg: 0x1bc0,
  mmsiaddrcfgh: 0x1bc4,
  smsiaddrcfg: 0x1bc8,
  smsiaddrcfgh: 0x1bcc,
  setip: 0x1c00,
  setipnum: 0x1cdc,
  inClrip: 0x1d00,
  clripnum: 0x1ddc,
  setie: 0x1e00,
  setienum: 0x1edc,
  clrie: 0x1f00,
  clrienum: 0x1fdc,
  setipnumLe: 0x2000,
  setipnumBe: 0x2004,
  genmsi: 0x3000,
} as const;
export const sourcecfg = (source: number) => 4 * source;
export const target = (source: number) => 0x3000 + 4 * source;
export const idc = (hart: number, register: number) => 0x4000 + 0x20 * hart + register;
export const Idc = { idelivery: 0, iforce: 4, ithreshold: 8, topi: 0x18, claimi: 0x1c } as const;
export const Mode = { inactive: 0, detached: 1, edge1: 4, edge0: 5, level1: 6, level0: 7 } as const;
export const DELEGATE = 1 << 10;
export const IE = 1 << 8;

/** One machine with an APLIC. */
export class AplicBoard extends Board {
  set(domain: number, register: number, value: number): void {
    this.write(domain + register, value);
  }

  get(domain: number, register: number): number {
    return this.read(domain + register);
  }

  wire(source: number, level: number): void {
    this.core.wireSet(source, level);
  }

  isPending(domain: number, source: number): boolean {
    return ((this.get(domain, R.setip + 4 * (source >> 5)) >>> (source & 31)) & 1) === 1;
  }

  /** Gives a source a mode, in the child by delegation, and enables it. */
  arm(domain: number, source: number, mode: number, to: number): void {
    if (domain === CHILD) this.set(ROOT, sourcecfg(source), DELEGATE);
    this.set(domain, sourcecfg(source), mode);
    this.set(domain, target(source), to);
    this.set(domain, R.setienum, source);
  }
}
