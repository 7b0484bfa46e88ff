/**
 * Locks for words of shared memory that are held for a moment only, never while guest code runs. A waiter
 * spins for about such a moment, then sleeps: with more workers than processors the holder may be the
 * one that is not running.
 *
 *     0 free · 1 held · 2 held and somebody sleeps
 */
const SPINS: i32 = 200;

export function lock(word: usize): void {
  for (let i = 0; i < SPINS; i++) {
    if (atomic.cmpxchg<u32>(word, 0, 1) == 0) return;
  }
  while (atomic.xchg<u32>(word, 2) != 0) atomic.wait<i32>(word, 2, -1);
}

export function unlock(word: usize): void {
  if (atomic.xchg<u32>(word, 0) == 2) atomic.notify(word, 1);
}
