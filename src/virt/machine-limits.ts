/** What one of our machines can be at most, whoever defines it. */

const MIB = 2 ** 20;

export const MACHINE_LIMITS = {
  minMemoryBytes: 64 * MIB,
  maxMemoryBytes: 3072 * MIB,
  /** Memory is a whole number of these. */
  memoryStepBytes: 2 * MIB,
  maxVcpus: 16,
} as const;
