/** Formats of floating-point records, and which registers hold boxed f32 for sure. */
import { floatShape } from "../generated/emit";
import {
  OP_FLD,
  OP_FLH,
  OP_FLW,
  OP_SLOW,
  SLOW_FCVT_D_S,
  SLOW_FCVT_S_D,
  SLOW_FLEQ_S,
  SLOW_FLTQ_S,
  SLOW_FMADD_S,
  SLOW_FMAXM_S,
  SLOW_FMINM_S,
  SLOW_FMV_W_X,
} from "../generated/opcodes";

/** Whether the format that a slow operation computes in, or converts from or to, is f32. */
export function isSingle(slow: u32): bool {
  if (slow >= SLOW_FMADD_S && slow <= SLOW_FMV_W_X) return true;
  switch (slow) {
    case SLOW_FCVT_S_D:
    case SLOW_FCVT_D_S:
    case SLOW_FMINM_S:
    case SLOW_FMAXM_S:
    case SLOW_FLEQ_S:
    case SLOW_FLTQ_S:
      return true;
    default:
      return false;
  }
}

/**
 * Registers known to hold a boxed f32 after a record, bit n being f(n), given those before it. Narrow
 * loads and whatever gives an f32 box it (unprivileged manual, "NaN Boxing of Narrower Values").
 */
export function boxedAfter(w: u32, imm: u32, boxed: u32): u32 {
  const fd: u32 = 1 << ((w >> 11) & 31);
  switch (w & 0xff) {
    case OP_FLW:
    case OP_FLH:
      return boxed | fd;
    case OP_FLD:
      return boxed & ~fd;
    case OP_SLOW: {
      const slow = imm & 0xfff;
      const shape = floatShape(slow);
      if (!shape || shape & 16) return boxed;
      return isSingle(slow) && slow != SLOW_FCVT_D_S ? boxed | fd : boxed & ~fd;
    }
    default:
      return boxed;
  }
}
