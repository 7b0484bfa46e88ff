/** Guest-physical dispatch to the devices that live inside the core. */
import {
  IRQCHIP_ACLINT_BASE,
  IRQCHIP_ACLINT_BYTES,
  IRQCHIP_APLIC_BYTES,
  IRQCHIP_APLIC_M,
  IRQCHIP_APLIC_S,
  IRQCHIP_PLIC_BASE,
  IRQCHIP_PLIC_BYTES,
  IRQCHIP_UART_BASE,
  IRQCHIP_UART_BYTES,
  IRQCHIP_VIRTIO_BASE,
  IRQCHIP_VIRTIO_STRIDE,
  VIRTIO_SLOTS,
} from "../generated/layout";
import { aclintRead, aclintWrite } from "./aclint";
import { hasAplic } from "./aia";
import { MACHINE, SUPERVISOR } from "./aplic";
import { aplicRead, aplicWrite } from "./aplic-registers";
import { imsicOwns, imsicWrite } from "./imsic";
import { lockIrqchip, unlockIrqchip } from "./lock";
import { plicRead, plicWrite } from "./plic";
import { uartRead, uartWrite } from "./uart";
import {
  INTERRUPT_ACK,
  INTERRUPT_STATUS,
  pciOwns,
  pciRead,
  pciWrite,
  QUEUE_NOTIFY,
  virtioRead,
  virtioWrite,
} from "./virtio";

const VIRTIO_STRIDE_BITS: u32 = <u32>ctz(IRQCHIP_VIRTIO_STRIDE);

function inAclint(gpa: u64): bool {
  return gpa - IRQCHIP_ACLINT_BASE < IRQCHIP_ACLINT_BYTES;
}

/** In the window of the controller that wires lead to. */
function inController(gpa: u64): bool {
  if (!hasAplic()) return gpa - IRQCHIP_PLIC_BASE < IRQCHIP_PLIC_BYTES;
  return gpa - IRQCHIP_APLIC_M < IRQCHIP_APLIC_BYTES || inAplicS(gpa);
}

function inAplicS(gpa: u64): bool {
  return gpa - IRQCHIP_APLIC_S < IRQCHIP_APLIC_BYTES;
}

function inUart(gpa: u64): bool {
  return gpa - IRQCHIP_UART_BASE < IRQCHIP_UART_BYTES;
}

/** Exactly the three fast registers: an access between them exits to the machine worker. */
function inVirtio(gpa: u64): bool {
  const offset = gpa - IRQCHIP_VIRTIO_BASE;
  if (offset >= <u64>VIRTIO_SLOTS * IRQCHIP_VIRTIO_STRIDE) return false;
  const register = <u32>offset & (IRQCHIP_VIRTIO_STRIDE - 1);
  return register == QUEUE_NOTIFY || register == INTERRUPT_STATUS || register == INTERRUPT_ACK;
}

/** True when an access at `gpa` is answered here. */
export function irqchipOwns(gpa: u64): bool {
  return (
    inUart(gpa) ||
    inVirtio(gpa) ||
    imsicOwns(gpa) ||
    inController(gpa) ||
    inAclint(gpa) ||
    pciOwns(gpa)
  );
}

/** The PLIC has 32-bit registers: a wider access is two, a narrower one sees its part. */
function readPlic(offset: u32, bytes: u32): u64 {
  const low: u64 = plicRead(offset & ~3);
  if (bytes == 8) return low | ((<u64>plicRead(offset + 4)) << 32);
  return (low >> ((offset & 3) << 3)) & (((<u64>1) << (bytes << 3)) - 1);
}

function writePlic(offset: u32, bytes: u32, value: u64): void {
  if (bytes < 4) return;
  plicWrite(offset, <u32>value);
  if (bytes == 8) plicWrite(offset + 4, <u32>(value >> 32));
}

/** The APLIC takes 32-bit accesses only (AIA 1.0 §4.5); others read zero and do nothing. */
function readController(gpa: u64, bytes: u32): u64 {
  if (!hasAplic()) return readPlic(<u32>(gpa - IRQCHIP_PLIC_BASE), bytes);
  if (bytes != 4) return 0;
  return inAplicS(gpa)
    ? <u64>aplicRead(SUPERVISOR, <u32>(gpa - IRQCHIP_APLIC_S))
    : <u64>aplicRead(MACHINE, <u32>(gpa - IRQCHIP_APLIC_M));
}

function writeController(gpa: u64, bytes: u32, value: u64): void {
  if (!hasAplic()) writePlic(<u32>(gpa - IRQCHIP_PLIC_BASE), bytes, value);
  else if (bytes != 4) return;
  else if (inAplicS(gpa)) aplicWrite(SUPERVISOR, <u32>(gpa - IRQCHIP_APLIC_S), <u32>value);
  else aplicWrite(MACHINE, <u32>(gpa - IRQCHIP_APLIC_M), <u32>value);
}

function slotOf(gpa: u64): u32 {
  return <u32>(gpa - IRQCHIP_VIRTIO_BASE) >> VIRTIO_STRIDE_BITS;
}

function registerOf(gpa: u64): u32 {
  return <u32>gpa & (IRQCHIP_VIRTIO_STRIDE - 1);
}

/** virtio-mmio allows 32-bit accesses only (virtio 1.3 §4.2.2.2); others read zero. */
function readVirtio(gpa: u64, bytes: u32): u64 {
  return bytes == 4 ? virtioRead(slotOf(gpa), registerOf(gpa)) : 0;
}

/**
 * Answers a load.
 *
 * @param gpa an address for which `irqchipOwns` holds, aligned to `bytes`
 * @param bytes 1, 2, 4 or 8
 * @returns the value, zero extended
 */
export function irqchipRead(gpa: u64, bytes: u32): u64 {
  // Neither of these needs the lock: single words, or registers that only one field backs.
  if (inAclint(gpa)) return aclintRead(<u32>(gpa - IRQCHIP_ACLINT_BASE), bytes);
  if (inVirtio(gpa)) return readVirtio(gpa, bytes);
  // An interrupt file's page reads zero (AIA 1.0 §3.5).
  if (imsicOwns(gpa)) return 0;
  lockIrqchip();
  let value: u64;
  if (inUart(gpa)) value = uartRead(<u32>(gpa - IRQCHIP_UART_BASE));
  else if (inController(gpa)) value = readController(gpa, bytes);
  else value = pciRead(gpa);
  unlockIrqchip();
  return value;
}

/** Answers a store; parameters as for `irqchipRead`, `value` zero extended or not. */
export function irqchipWrite(gpa: u64, bytes: u32, value: u64): void {
  if (imsicOwns(gpa)) {
    if (bytes == 4) imsicWrite(gpa, <u32>value);
    return;
  }
  lockIrqchip();
  if (inUart(gpa)) uartWrite(<u32>(gpa - IRQCHIP_UART_BASE), <u32>value);
  else if (inController(gpa)) writeController(gpa, bytes, value);
  else if (inAclint(gpa)) aclintWrite(<u32>(gpa - IRQCHIP_ACLINT_BASE), bytes, value);
  else if (!inVirtio(gpa)) pciWrite(gpa);
  else if (bytes == 4) virtioWrite(slotOf(gpa), registerOf(gpa), <u32>value);
  unlockIrqchip();
}
