/** Reset of everything that the core answers for its harts. */
import {
  ACLINT_BASE,
  ACLINT_MSIP,
  ACLINT_MTIMECMP,
  HART_BASE,
  HART_LINES,
  HART_STRIDE,
  MAX_HARTS,
  PLIC_BASE,
  PLIC_CONTEXTS,
  PLIC_THRESHOLD,
  UART_BASE,
  UART_DLL,
  UART_LOOP,
  VIRTIO_BASE,
  VIRTIO_INTERRUPT_STATUS,
  VIRTIO_NOTIFY,
  VIRTIO_PLACES,
} from "../generated/layout";
import { aplicReset } from "./aplic";
import { imsicReset } from "./imsic";
import { lockIrqchip, unlockIrqchip } from "./lock";
import { uartPump } from "./uart";

const LOOP_BYTES: usize = 16;
/** 9600 baud at the board's 3.6864 MHz UART clock. */
const RESET_DIVISOR: u32 = 24;

function resetAclint(): void {
  memory.fill(ACLINT_BASE + ACLINT_MSIP, 0, 4 * MAX_HARTS);
  // All ones: mtimecmp has no reset value in the specification, and none should fire by itself.
  memory.fill(ACLINT_BASE + ACLINT_MTIMECMP, 0xff, 8 * MAX_HARTS);
}

function resetVirtio(): void {
  memory.fill(VIRTIO_BASE + VIRTIO_INTERRUPT_STATUS, 0, 4 * VIRTIO_PLACES);
  memory.fill(VIRTIO_BASE + VIRTIO_NOTIFY, 0, 4 * VIRTIO_PLACES);
}

/**
 * Puts ACLINT, PLIC, APLIC, IMSICs, UART and virtio fast registers into their reset state; no hart may be running.
 * mtime goes on, since the machine's timers share it, and so do the rings: what the guest printed
 * before still reaches the console.
 */
export function irqchipReset(): void {
  lockIrqchip();
  for (let hart: usize = 0; hart < MAX_HARTS; hart++) {
    atomic.store<u32>(HART_BASE + hart * HART_STRIDE + HART_LINES, 0);
  }
  resetAclint();
  resetVirtio();
  aplicReset();
  imsicReset();
  memory.fill(PLIC_BASE, 0, PLIC_THRESHOLD + 4 * PLIC_CONTEXTS);
  memory.fill(UART_BASE, 0, UART_LOOP + LOOP_BYTES);
  store<u8>(UART_BASE + UART_DLL, RESET_DIVISOR);
  unlockIrqchip();
  uartPump();
}
