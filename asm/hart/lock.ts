/**
 * Locks for words of shared memory that are held for a moment only, never while guest code runs. A waiter
 * spins for about such a moment, then sleeps: with more workers than processors the holder may be the
 * one that is not running.
 *
 *     0 free · 1 held · 2 held and somebody sleeps
 *
 * The host sleeps, not memory.atomic.wait32: V8 11.3's baseline compiler (Node 20) saves that
 * instruction's address over the low half of whatever lies below on the stack, and where a lock is
 * inlined, that is half of what it was to protect.
 */
import { sleep } from "./env";

const SPINS: i32 = 200;

export function lock(word: usize): void {
  for (let i = 0; i < SPINS; i++) {
    if (atomic.cmpxchg<u32>(word, 0, 1) == 0) return;
  }
  while (atomic.xchg<u32>(word, 2) != 0) sleep(word, 2);
}

export function unlock(word: usize): void {
  if (atomic.xchg<u32>(word, 0) == 2) atomic.notify(word, 1);
}
