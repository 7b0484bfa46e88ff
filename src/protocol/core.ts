/** The core's Wasm interface, as seen by whoever instantiates it. See asm/index.ts. */

/** What the core imports, all under the module name `env`. */
export interface CoreImports {
  readonly memory: unknown;
  /** Host monotonic time in milliseconds with a fraction; the same clock in every worker. */
  nowMs(): number;
  /**
   * Called after the core set a bit in CONTROL.doorbell that was clear. Hosts with
   * Atomics.waitAsync need nothing here (the core notifies the word); others send a message.
   */
  ring(): void;
  /** Sleeps until the word at `address` is notified; not at all when it does not hold `value`. */
  sleep(address: number, value: number): void;
}

/**
 * What the core exports. A hart's worker calls `hartAttach` once, then `run`; the machine worker
 * has an instance of its own on the same memory, attached to no hart, for the irqchip.
 */
export interface CoreExports {
  /** LAYOUT_VERSION of the table that this core was built with. */
  layoutVersion(): number;
  /** Binds this instance to hart `index` (0 to MAX_HARTS-1). */
  hartAttach(index: number): void;
  /** Puts hart `index` into its reset state, about to execute `pc` in M-mode. */
  hartReset(index: number, pc: bigint): void;
  /**
   * Executes guest code until an exit.
   *
   * @param budget instructions at most, 0 for no limit
   * @returns an `ExitReason`
   */
  run(budget: number): number;

  /** Puts ACLINT, interrupt controllers, UART and virtio fast registers into their reset state. */
  irqchipReset(): void;
  /** Drives the wire of an interrupt source (1 up) into the machine's PLIC or APLIC. */
  wireSet(source: number, level: number): void;
  /**
   * A device's message-signaled interrupt: the write of `data` at `gpa`, by which an IMSIC's interrupt
   * file receives it. Waits for nothing.
   *
   * @returns 0 when there is no interrupt file at `gpa`
   */
  msiSend(gpa: bigint, data: number): number;
  /** To be called after entries were put into the console-in ring or taken from console-out. */
  uartPump(): void;
  /** Ors `bits` into the interrupt status of a virtio place (layout.ts) and raises its line. */
  virtioRaise(place: number, bits: number): void;
  /** Clears the interrupt status of a virtio place and lowers its line. @returns the status before */
  virtioTake(place: number): number;
  /**
   * Says where the guest put the memory of PCI device `device`, and which line it drives.
   *
   * @param gpa of VirtioBar, 0 when it is not decoded
   * @param wire 0 when the device must not drive a line
   */
  pciPlace(device: number, gpa: bigint, wire: number): void;
  /** Guest time in ticks of TIMEBASE_HZ. */
  guestTime(): bigint;
}
