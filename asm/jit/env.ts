/** Host functions of the code cache; asc names the import module after this file: `env`. */

/**
 * Compiles and instantiates the module of `length` bytes at `address`; the function table has at least
 * `slots` slots then.
 *
 * @returns 1; 0 when the engine refuses it
 */
export declare function install(address: usize, length: usize, slots: u32): u32;

/** Forgets every module: empties the function table. */
export declare function discard(): void;
