/** A block's records one after the other, each by the room of its kind. */
import { emitRecord, floatShape, recordDefs, slowIsFloatCsr } from "../generated/emit";
import { OP_SLOW, SLOW_FENCE } from "../generated/opcodes";
import { Block } from "./block";
import { call, F_SLOW, i32Const, leaveIfPending, storePc } from "./code";
import { lengthOf, recordAt } from "./discover";
import { boxedAfter } from "./float-format";
import { forgetGroups } from "./groups";
import { get, L_HART, loadRegisters, writeBack } from "./locals";
import { lowerFloatCsr } from "./lower-fcsr";
import { lowerFloat } from "./lower-float";
import { isUnsignedShift, lowerUnsignedShift } from "./lower-integer";
import { lowerFence } from "./lower-memory";
import { lowersSystem, lowerSystem } from "./lower-system";
import { Site } from "./site";

/** A record that the core's slow path executes on the hart's block. */
function lowerSlow(w: u32, imm: u32, at: Site): void {
  writeBack(at.dirty);
  storePc(at.offset);
  get(L_HART);
  i32Const(<i32>w);
  i32Const(<i32>imm);
  call(F_SLOW);
  leaveIfPending(at.offset, 0, at.unretired, at.labels);
  loadRegisters(recordDefs(w, imm));
  forgetGroups(recordDefs(w, imm));
  at.dirty = 0;
}

/** Whether a slow operation (a record's high word) works on the hart's block, not on locals. */
function isSystem(imm: u32): bool {
  return !floatShape(imm & 0xfff) && !slowIsFloatCsr(imm);
}

/**
 * Straight records of a block, up to its terminator.
 *
 * @returns offset of what follows them
 */
export function lowerStraight(block: Block, records: i32, at: Site): i32 {
  let offset = <i32>block.start;
  for (let i = 0; i < records; i++) {
    const record = recordAt(offset);
    let w = load<u32>(record);
    const imm = load<u32>(record, 4);
    at.offset = offset;
    at.unretired = <i32>block.count - i;
    at.left = records - i;
    if ((w & 0xff) == OP_SLOW && isSystem(imm)) {
      if ((imm & 0xfff) == SLOW_FENCE) lowerFence();
      else if (lowersSystem(imm)) lowerSystem(w, imm, at);
      else lowerSlow(w, imm, at);
    } else {
      if ((w & 0xff) == OP_SLOW) {
        if (slowIsFloatCsr(imm)) lowerFloatCsr(w, imm, at);
        else lowerFloat(w, imm, at);
      } else if (i + 1 < records && isUnsignedShift(w, imm, offset)) {
        offset += lengthOf(w);
        const second = recordAt(offset);
        lowerUnsignedShift(w, load<i32>(second, 4));
        w = load<u32>(second);
        i++;
      } else if (!emitRecord(w, <i32>imm, at)) unreachable();
      const defs = recordDefs(w, imm);
      at.dirty |= defs;
      forgetGroups(defs);
      at.boxed = boxedAfter(w, imm, at.boxed);
    }
    offset += lengthOf(w);
  }
  return offset;
}
