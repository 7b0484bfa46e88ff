/**
 * The core's exports: KVM's part. `src/protocol/core.ts` is the same interface as TypeScript sees
 * it. Everything lives in the shared memory laid out by `src/protocol/layout.ts`; an instance keeps
 * no state of its own but the hart it is attached to.
 */
import { LAYOUT_VERSION } from "./generated/layout";
import { hartBase, resetRegisters } from "./hart/reset";
import { guestTime as guestTimeNow } from "./hart/time";
import { decodeReset } from "./interp/decode-cache";
import { runHart } from "./interp/run";
import { pmpUpdate } from "./mmu/pmp";
import { tlbFlushAll } from "./mmu/tlb";

export { atomicsAreBarriers } from "./hart/fence";
export { irqchipReset } from "./irqchip/reset";
export { msiSend } from "./irqchip/imsic";
export { uartPump } from "./irqchip/uart";
export { pciPlace, virtioRaise, virtioTake } from "./irqchip/virtio";
export { wireSet } from "./irqchip/wires";

let attached: usize = 0;

export function layoutVersion(): u32 {
  return <u32>LAYOUT_VERSION;
}

export function hartAttach(index: u32): void {
  attached = hartBase(index);
}

export function hartReset(index: u32, pc: u64): void {
  const hs = hartBase(index);
  resetRegisters(hs, index, pc);
  pmpUpdate(hs);
  tlbFlushAll(hs);
  decodeReset(hs);
}

export function run(budget: u32): u32 {
  return runHart(attached, budget);
}

export function guestTime(): u64 {
  return guestTimeNow();
}

// What translated code imports, in the order of asm/jit/code.ts.
export { groupAddress as jitGroup, loadSlow as jitLoad, storeSlow as jitStore } from "./mmu/access";
export { execSlow as jitSlow } from "./generated/exec";
export { followRegions as jitGo, pollRegion as jitPoll } from "./jit/dispatch";
export { execPure as jitPure } from "./generated/emit";
export { floatSlow as jitFloat } from "./jit/float-slow";
export { jitEngine } from "./jit/float-state";
export { jitTable } from "./jit/module";
