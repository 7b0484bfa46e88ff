/** Host functions of the code cache; asc names the import module after this file: `env`. */

/**
 * Compiles and instantiates the module of `length` bytes at `address`, whose `count` functions are in
 * the function table from `slot` on then.
 *
 * @returns 1; 0 when the engine refuses it
 */
export declare function install(address: usize, length: usize, slot: u32, count: u32): u32;

/** Empties `count` slots of the function table from `slot` on, as far as it has them. */
export declare function release(slot: u32, count: u32): void;
