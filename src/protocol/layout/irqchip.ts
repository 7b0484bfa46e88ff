/** Devices that the core answers itself: where guests find them, and their registers (asm/irqchip). */
import { block } from "../block.ts";
import { MAX_HARTS } from "./control.ts";

/**
 * Guest-physical windows and interrupt sources, as on QEMU's virt; the board's map
 * (src/machine/memory-map.ts) has them from here.
 */
export const Irqchip = {
  aclintBase: 0x0200_0000,
  aclintBytes: 0x1_0000,
  plicBase: 0x0c00_0000,
  plicBytes: 0x60_0000,
  /** Interrupt domains of the APLIC, in place of the PLIC. */
  aplicM: 0x0c00_0000,
  aplicS: 0x0d00_0000,
  aplicBytes: 0x8000,
  /** Interrupt files: the pages of hart n begin n × imsicStride behind. */
  imsicM: 0x2400_0000,
  imsicS: 0x2800_0000,
  imsicStride: 0x1000,
  uartBase: 0x1000_0000,
  uartBytes: 0x100,
  uartIrq: 10,
  virtioBase: 0x1000_1000,
  /** Distance of one virtio-mmio slot from the next. */
  virtioStride: 0x1000,
  /** Interrupt source of slot 0; slot n is at virtioIrq + n. */
  virtioIrq: 1,
  /** Windows in which the guest places PCI devices' memory, as on QEMU's virt. */
  pciMmioBase: 0x4000_0000,
  pciMmioBytes: 0x4000_0000,
  pciHighBase: 0x4_0000_0000,
  pciHighBytes: 0x4_0000_0000,
} as const;

/** 16550 registers and its line state; the core answers every access (asm/irqchip/uart.ts). */
export const UART_BASE = 0x1_1000;
export const UART = block("UART", 0x1000, {
  ier: { type: "u8" },
  fcr: { type: "u8" },
  lcr: { type: "u8" },
  mcr: { type: "u8" },
  scr: { type: "u8" },
  dll: { type: "u8" },
  dlm: { type: "u8" },
  /** 1: the transmitter-empty interrupt is pending (cleared by reading IIR or writing THR). */
  threPending: { type: "u8" },
  /** Sticky overrun bit of LSR, cleared by reading LSR. */
  lsrErrors: { type: "u8" },
  /** 1: the break at the top of the receiver FIFO was reported by a read of LSR. */
  breakSeen: { type: "u8" },
  /** 1: LSR.THRE is clear until the console-out ring has room again. */
  txFull: { type: "u8" },
  /** MSR bits 0–3 (changes), cleared by reading MSR. */
  msrDelta: { type: "u8" },
  /** Characters received in loopback mode, oldest first; `loopHead` is the first one's index. */
  loopHead: { type: "u8" },
  loopCount: { type: "u8" },
  loop: { type: "u8", count: 16 },
});

export const ACLINT_BASE = 0x1_2000;
export const ACLINT = block("ACLINT", 0x1000, {
  msip: { type: "u32", count: MAX_HARTS },
  mtimecmp: { type: "u64", count: MAX_HARTS },
});

/** virtio-mmio slots; places 0 to VIRTIO_SLOTS-1 of the VIRTIO block. */
export const VIRTIO_SLOTS = 8;
/** Devices on the PCI bus; device n is place VIRTIO_SLOTS + n. */
export const PCI_SLOTS = 32;
export const VIRTIO_PLACES = VIRTIO_SLOTS + PCI_SLOTS;
/** A virtio device's memory on PCI: ISR status, and a word for each queue's notifications. */
export const VirtioBar = { bytes: 0x4000, isr: 0x1000, notify: 0x3000 } as const;
export const VIRTIO_BASE = 0x1_3000;
export const VIRTIO = block("VIRTIO", 0x1000, {
  /** InterruptStatus of each place (ISR status on PCI): bit 0 used buffer, bit 1 configuration. */
  interruptStatus: { type: "u32", count: VIRTIO_PLACES },
  /** Posted notifications: bit n set means queue n of the place was notified. */
  notify: { type: "u32", count: VIRTIO_PLACES, align: 64 },
  /** Where the guest put a PCI device's memory; 0 while it is not decoded. */
  pciBase: { type: "u64", count: PCI_SLOTS, align: 64 },
  /** The wire that a PCI device's interrupt status drives; 0 while it must not drive one. */
  pciWire: { type: "u32", count: PCI_SLOTS },
});

/** Interrupt sources 1..PLIC_SOURCES-1, as on QEMU's virt (96 with source 0 unused). */
export const PLIC_SOURCES = 96;
export const PLIC_WORDS = PLIC_SOURCES / 32;
/** Two contexts a hart: 2n is M-mode of hart n, 2n+1 is S-mode. */
export const PLIC_CONTEXTS = 2 * MAX_HARTS;
export const PLIC_BASE = 0x1_4000;
export const PLIC = block("PLIC", 0x4000, {
  priority: { type: "u32", count: PLIC_SOURCES },
  /** Level of each input line; a claimed source becomes pending again while its line is high. */
  level: { type: "u32", count: PLIC_WORDS },
  pending: { type: "u32", count: PLIC_WORDS },
  claimed: { type: "u32", count: PLIC_WORDS },
  enable: { type: "u32", count: PLIC_CONTEXTS * PLIC_WORDS },
  threshold: { type: "u32", count: PLIC_CONTEXTS },
});

/** Interrupt sources 1..APLIC_SOURCES-1: QEMU's 96. */
export const APLIC_SOURCES = 97;
export const APLIC_WORDS = 4;
export const APLIC_BASE = 0x1_8000;
/** The wires' levels, which both domains share; the domains follow. */
export const APLIC_LEVEL = 0;
export const APLIC_DOMAINS = 0x40;
/** One interrupt domain, by the names of the specification: [0] at machine, [1] at supervisor level. */
export const APLIC_DOMAIN = block("APLIC_DOMAIN", 0x600, {
  /** IE only: the other fields are constants. */
  domaincfg: { type: "u32" },
  genmsi: { type: "u32" },
  msiaddrcfg: { type: "u32" },
  msiaddrcfgh: { type: "u32" },
  pending: { type: "u32", count: APLIC_WORDS },
  enabled: { type: "u32", count: APLIC_WORDS },
  sourcecfg: { type: "u32", count: APLIC_SOURCES },
  target: { type: "u32", count: APLIC_SOURCES },
  idelivery: { type: "u32", count: MAX_HARTS },
  iforce: { type: "u32", count: MAX_HARTS },
  ithreshold: { type: "u32", count: MAX_HARTS },
});
export const APLIC_DOMAIN_BYTES = APLIC_DOMAIN.sizeBytes;

/** Interrupt identities 1..IMSIC_IDENTITIES-1 of an interrupt file: QEMU's 255. */
export const IMSIC_IDENTITIES = 256;
export const IMSIC_WORDS = IMSIC_IDENTITIES / 32;
/** Interrupt files of a hart: [0] M, [1] S, and room for those of guests. */
export const IMSIC_FILES = 9;
export const IMSIC_BASE = 0x1_9000;
export const IMSIC_FILE = block("IMSIC_FILE", 0x80, {
  /** Pending bits: set by anyone at any time, hence atomic operations only. */
  eip: { type: "u32", count: IMSIC_WORDS },
  eie: { type: "u32", count: IMSIC_WORDS },
  eidelivery: { type: "u32" },
  eithreshold: { type: "u32" },
});
export const IMSIC_FILE_BYTES = IMSIC_FILE.sizeBytes;
export const IMSIC_HART_BYTES = IMSIC_FILES * IMSIC_FILE_BYTES;
