/**
 * The one table of shared memory. `scripts/gen-layout.ts` writes the AssemblyScript constants
 * (`asm/generated/layout.ts`) from it, so that both sides agree by construction.
 *
 *     0x0000_0000  guard page: no valid pointer is small
 *     0x0000_1000  read-only data of the core (asc --memoryBase)
 *     0x0001_0000  CONTROL   run state, doorbell, memory slots
 *     0x0001_1000  UART      the 16550's registers
 *     0x0001_2000  ACLINT    msip, mtimecmp
 *     0x0001_3000  VIRTIO    interrupt status and posted doorbells of virtio devices
 *     0x0001_4000  PLIC      priorities, pending, enables, claims
 *     0x0001_8000  APLIC     the two interrupt domains
 *     0x0001_9000  IMSIC     interrupt files, IMSIC_FILES for each hart
 *     0x0002_0000  HART × 16 registers, CSRs, exit block; then this hart's TLBs
 *     0x0060_0000  rings     console out, console in
 *     0x0070_0000  (first page after the fixed part; the rest depends on RAM size and hart count)
 *                  decode caches, one per hart
 *                  store of shared translations, where there are several harts
 *                  frame table: one u32 per guest page
 *                  frames: guest RAM, ROM, flash
 */
import { layoutDigest } from "./block.ts";
import { CONTROL } from "./layout/control.ts";
import {
  DECODE_MAP_ENTRIES,
  DECODE_PAGE_BYTES,
  DECODE_PAGES_AT,
  DYNAMIC_BASE,
  Frame,
  JIT_ARENA_AT,
  JIT_ARENA_BYTES,
  STORE_TABLES_BYTES,
} from "./layout/dynamic.ts";
import { HART } from "./layout/hart.ts";
import {
  ACLINT,
  APLIC_BASE,
  APLIC_DOMAIN,
  IMSIC_BASE,
  IMSIC_FILE,
  IMSIC_HART_BYTES,
  PLIC,
  UART,
  VIRTIO,
  VIRTIO_PLACES,
  VIRTIO_SLOTS,
  VirtioBar,
} from "./layout/irqchip.ts";
import {
  RING,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "./layout/rings.ts";
import {
  CROSS_RECORD,
  HART_STRIDE,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_KINDS,
  TLB_LOG,
  TLB_MODES,
  TLB_SITE_KINDS,
  TLB_SITES,
} from "./layout/tlb.ts";

export * from "./layout/control.ts";
export * from "./layout/dynamic.ts";
export * from "./layout/hart.ts";
export * from "./layout/irqchip.ts";
export * from "./layout/rings.ts";
export * from "./layout/tlb.ts";

/**
 * Names this layout: a core that was built for another one must not run on a memory of this one.
 * Derived from the blocks' offsets and the sizes that the core knows.
 */
export const LAYOUT_VERSION = layoutDigest([
  [CONTROL, UART, ACLINT, VIRTIO, PLIC, APLIC_DOMAIN, IMSIC_FILE, HART, RING].map(
    ({ at, sizeBytes }) => [at, sizeBytes],
  ),
  [HART_STRIDE, TLB_ENTRIES, TLB_MODES, TLB_ENTRY_BYTES, TLB_KINDS, TLB_LOG, CROSS_RECORD],
  [DYNAMIC_BASE, APLIC_BASE, IMSIC_BASE, IMSIC_HART_BYTES],
  [TLB_SITES, TLB_SITE_KINDS],
  [UART_TX_RING, UART_TX_CAPACITY, UART_RX_RING, UART_RX_CAPACITY, VIRTIO_SLOTS, Frame],
  [VIRTIO_PLACES, VirtioBar],
  [DECODE_MAP_ENTRIES, DECODE_PAGE_BYTES, JIT_ARENA_AT, DECODE_PAGES_AT],
  [STORE_TABLES_BYTES, JIT_ARENA_BYTES],
]);
