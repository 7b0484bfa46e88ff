/** Trap causes, from table 14 of the privileged manual (mcause, §3.1.15). */

/** Synchronous exceptions: the values of mcause with bit 63 clear. */
export const Exception = {
  instructionAddressMisaligned: 0,
  instructionAccessFault: 1,
  illegalInstruction: 2,
  breakpoint: 3,
  loadAddressMisaligned: 4,
  loadAccessFault: 5,
  /** Stores and atomic memory operations. */
  storeAddressMisaligned: 6,
  storeAccessFault: 7,
  ecallFromU: 8,
  ecallFromS: 9,
  ecallFromVs: 10,
  ecallFromM: 11,
  instructionPageFault: 12,
  loadPageFault: 13,
  storePageFault: 15,
  softwareCheck: 18,
  hardwareError: 19,
  instructionGuestPageFault: 20,
  loadGuestPageFault: 21,
  virtualInstruction: 22,
  storeGuestPageFault: 23,
} as const;

/** Interrupts: bit positions in mip and mie, and the values of mcause below bit 63. */
export const Interrupt = {
  supervisorSoftware: 1,
  virtualSupervisorSoftware: 2,
  machineSoftware: 3,
  supervisorTimer: 5,
  virtualSupervisorTimer: 6,
  machineTimer: 7,
  supervisorExternal: 9,
  virtualSupervisorExternal: 10,
  machineExternal: 11,
  supervisorGuestExternal: 12,
  localCounterOverflow: 13,
} as const;

/** mcause's Interrupt bit. */
export const CAUSE_INTERRUPT = 1n << 63n;
