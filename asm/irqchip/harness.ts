/** Drives the compiled irqchip from tests (Node, not AssemblyScript), as a hart and as the host. */
import { compileCore } from "../../scripts/compile-core.ts";
import {
  Aia,
  CONTROL,
  CONTROL_BASE,
  HART,
  HART_BASE,
  HART_STRIDE,
  Irqchip as Map,
  RING,
  RING_DATA,
  TIMEBASE_HZ,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
  VIRTIO,
  VIRTIO_BASE,
  DYNAMIC_BASE,
} from "../../src/protocol/layout.ts";

interface Exports {
  irqchipOwns(gpa: bigint): number;
  irqchipRead(gpa: bigint, bytes: number): bigint;
  irqchipWrite(gpa: bigint, bytes: number, value: bigint): void;
  irqchipReset(): void;
  wireSet(source: number, level: number): void;
  msiSend(gpa: bigint, data: number): number;
  imsicTop(hart: number, file: number): number;
  imsicClaim(hart: number, file: number, identity: number): void;
  imsicModify(hart: number, file: number, select: number, op: number, value: bigint): void;
  imsicRead(hart: number, file: number, select: number): bigint;
  imsicSettle(hart: number): void;
  uartPump(): void;
  virtioRaise(slot: number, bits: number): void;
  aclintTimerPending(hart: number): number;
  aclintMtimecmp(hart: number): bigint;
}

const ENTRIES = ["mmio", "wires", "imsic", "aclint", "uart", "virtio", "reset"];

/** Compiles the irqchip alone; takes a few seconds. */
export async function compileIrqchip(): Promise<WebAssembly.Module> {
  const wasm = await compileCore(
    ENTRIES.map((name) => `asm/irqchip/${name}.ts`),
    "dev",
  );
  return new WebAssembly.Module(wasm);
}

/** One machine of `harts` harts with its registers in reset state. */
export class Board {
  readonly core: Exports;
  readonly #view: DataView;
  /** Guest time in ticks, as far as the host clock is concerned. */
  ticks = 0;
  /** Calls of the imported `ring`. */
  rings = 0;

  constructor(module: WebAssembly.Module, harts = 2, aia: number = Aia.none) {
    const pages = DYNAMIC_BASE >> 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#view = new DataView(memory.buffer);
    this.#view.setUint32(CONTROL_BASE + CONTROL.at.harts, harts, true);
    this.#view.setUint32(CONTROL_BASE + CONTROL.at.aia, aia, true);
    const env = {
      memory,
      nowMs: () => (this.ticks * 1000) / TIMEBASE_HZ,
      ring: () => void this.rings++,
      // A board is one thread's: nobody holds a lock meanwhile.
      sleep() {},
    };
    this.core = new WebAssembly.Instance(module, { env }).exports as unknown as Exports;
    this.core.irqchipReset();
  }

  read(gpa: number, bytes = 4): number {
    return Number(this.core.irqchipRead(BigInt(gpa), bytes));
  }

  write(gpa: number, value: number | bigint, bytes = 4): void {
    this.core.irqchipWrite(BigInt(gpa), bytes, BigInt(value));
  }

  owns(gpa: number): boolean {
    return this.core.irqchipOwns(BigInt(gpa)) !== 0;
  }

  /** HART.lines. */
  lines(hart: number): number {
    return this.#view.getUint32(HART_BASE + hart * HART_STRIDE + HART.at.lines, true);
  }

  /** Returns and clears HART.events, as the run loop does. */
  takeEvents(hart: number): number {
    const at = HART_BASE + hart * HART_STRIDE + HART.at.events;
    const events = this.#view.getUint32(at, true);
    this.#view.setUint32(at, 0, true);
    return events;
  }

  /** Returns and clears CONTROL.doorbell, as the machine worker does. */
  takeDoorbell(): number {
    const at = CONTROL_BASE + CONTROL.at.doorbell;
    const bits = this.#view.getUint32(at, true);
    this.#view.setUint32(at, 0, true);
    return bits;
  }

  virtioNotify(slot: number): number {
    return this.#view.getUint32(VIRTIO_BASE + VIRTIO.at.notify + 4 * slot, true);
  }

  uart(register: number): number {
    return this.read(Map.uartBase + register, 1);
  }

  uartSet(register: number, value: number): void {
    this.write(Map.uartBase + register, value, 1);
  }

  /** Level of a PLIC input as its pending bit shows it. */
  pending(source: number): boolean {
    const word = this.read(Map.plicBase + 0x1000 + 4 * (source >> 5));
    return ((word >> (source & 31)) & 1) === 1;
  }

  /** Types console-in entries (bytes, or UART_RX_BREAK) without telling the UART. */
  type(...entries: number[]): void {
    for (const entry of entries) {
      const head = this.#view.getUint32(UART_RX_RING + RING.at.head, true);
      const at = UART_RX_RING + RING_DATA + 2 * (head % UART_RX_CAPACITY);
      this.#view.setUint16(at, entry, true);
      this.#view.setUint32(UART_RX_RING + RING.at.head, head + 1, true);
    }
  }

  /** Takes at most `max` bytes from the console-out ring without telling the UART. */
  drain(max = UART_TX_CAPACITY): number[] {
    const head = this.#view.getUint32(UART_TX_RING + RING.at.head, true);
    let tail = this.#view.getUint32(UART_TX_RING + RING.at.tail, true);
    const bytes: number[] = [];
    for (; tail !== head && bytes.length < max; tail = (tail + 1) >>> 0) {
      bytes.push(this.#view.getUint8(UART_TX_RING + RING_DATA + (tail % UART_TX_CAPACITY)));
    }
    this.#view.setUint32(UART_TX_RING + RING.at.tail, tail, true);
    return bytes;
  }
}
