/** Host functions; asc names the import module after this file: `env`. */

/** Monotonic time in milliseconds with a fraction; the same clock in every worker. */
export declare function nowMs(): f64;

/** atomic.fence. */
export declare function fence(): void;

/** Sleeps until `word` is notified; not at all when it does not hold `value`. */
export declare function sleep(word: usize, value: u32): void;
