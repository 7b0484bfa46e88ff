/** Host functions; asc names the import module after this file: `env`. */

/** Tells the machine worker that CONTROL.doorbell became non-zero. */
export declare function ring(): void;
