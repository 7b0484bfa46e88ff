/** Where lowering is: what the lowerings of single instructions are told. */
import { Block } from "./block";

/** Where in the region the instruction is, for its slow path's exit. */
@unmanaged
export class Site {
  offset: i32;
  unretired: i32;
  /** Labels open inside the outermost block. */
  labels: u32;
  block: Block;
  /** Records left in the block, this one included. */
  left: i32;
  /** In a loop without calls: translations by site pay. */
  tight: bool;
  /** mstatus.FS is dirty here. */
  floatDirty: bool;
  dirty: u64;
  /** f registers known to hold a boxed f32: bit n is f(n). */
  boxed: u32;
}
