/**
 * NS16550A (National Semiconductor PC16550D data sheet, June 1995; sections as §). The line has no
 * bit rate: a character is sent as soon as it is written, and a receiver time-out (§8.8) has passed
 * as soon as fewer characters than the trigger level are waiting.
 */
import {
  IRQCHIP_UART_IRQ,
  UART_DLL,
  UART_DLM,
  UART_FCR,
  UART_IER,
  UART_LCR,
  UART_LSR_ERRORS,
  UART_BREAK_SEEN,
  UART_MCR,
  UART_MSR_DELTA,
  UART_SCR,
  UART_THRE_PENDING,
  UART_TX_FULL,
} from "../generated/layout";
import { lockIrqchip, unlockIrqchip } from "./lock";
import {
  FCR_ENABLE,
  LSR_BREAK,
  MCR_LOOP,
  breakAtTop,
  loopPush,
  rxClear,
  rxCount,
  rxPop,
  txHasRoom,
  txPush,
  uartGet,
  uartSet,
} from "./uart-fifo";
import { wireDrive } from "./wires";

const IER_RX: u32 = 0x01;
const IER_THRE: u32 = 0x02;
const IER_LINE_STATUS: u32 = 0x04;
const IER_MODEM_STATUS: u32 = 0x08;

/** Identifications in order of priority (§8.6, table IV). */
const IIR_LINE_STATUS: u32 = 0x06;
const IIR_RX: u32 = 0x04;
const IIR_RX_TIMEOUT: u32 = 0x0c;
const IIR_THRE: u32 = 0x02;
const IIR_MODEM_STATUS: u32 = 0x00;
const IIR_NONE: u32 = 0x01;
const IIR_FIFOS: u32 = 0xc0;

const FCR_CLEAR_RX: u32 = 0x02;
/** DMA mode and trigger level. */
const FCR_KEPT: u32 = 0xc8;
const LCR_DLAB: u32 = 0x80;
const LSR_DATA: u32 = 0x01;
/** Transmitter holding register empty, and transmitter empty. */
const LSR_TX_EMPTY: u32 = 0x60;
const LSR_FIFO_ERROR: u32 = 0x80;
const MCR_BITS: u32 = 0x1f;
/** Carrier detect, data set ready and clear to send: the console is always there. */
const MSR_CONNECTED: u32 = 0xb0;
const MSR_RI: u32 = 0x40;

/** Receiver trigger level for FCR bits 7–6 (§8.5): 1, 4, 8, 14, a byte each. */
const TRIGGER_LEVELS: u32 = 0x0e08_0401;

function triggerLevel(): u32 {
  return (TRIGGER_LEVELS >> ((uartGet(UART_FCR) >> 6) << 3)) & 0xff;
}

/** LSR without the side effects of reading it. */
function lineStatus(): u32 {
  let status = uartGet(UART_LSR_ERRORS);
  if (rxCount()) status |= LSR_DATA;
  if (breakAtTop())
    status |= uartGet(UART_FCR) & FCR_ENABLE ? LSR_BREAK | LSR_FIFO_ERROR : LSR_BREAK;
  return uartGet(UART_TX_FULL) ? status : status | LSR_TX_EMPTY;
}

/** MSR bits 7–4 for a value of MCR: in loopback the modem outputs are the inputs (§8.7). */
function modemInputs(mcr: u32): u32 {
  if (!(mcr & MCR_LOOP)) return MSR_CONNECTED;
  return ((mcr & 0x0c) << 4) | ((mcr & 0x02) << 3) | ((mcr & 0x01) << 5);
}

function rxIdentification(): u32 {
  if (!(uartGet(UART_FCR) & FCR_ENABLE)) return IIR_RX;
  return rxCount() >= triggerLevel() ? IIR_RX : IIR_RX_TIMEOUT;
}

/** The pending enabled interrupt of highest priority. */
function identification(): u32 {
  const ier = uartGet(UART_IER);
  if (ier & IER_LINE_STATUS && (uartGet(UART_LSR_ERRORS) || breakAtTop())) return IIR_LINE_STATUS;
  if (ier & IER_RX && rxCount()) return rxIdentification();
  if (ier & IER_THRE && uartGet(UART_THRE_PENDING)) return IIR_THRE;
  if (ier & IER_MODEM_STATUS && uartGet(UART_MSR_DELTA)) return IIR_MODEM_STATUS;
  return IIR_NONE;
}

/** Follows the rings, then drives the interrupt line. */
function update(): void {
  if (!txHasRoom()) {
    uartSet(UART_TX_FULL, 1);
    uartSet(UART_THRE_PENDING, 0);
  } else if (uartGet(UART_TX_FULL)) {
    uartSet(UART_TX_FULL, 0);
    uartSet(UART_THRE_PENDING, 1);
  }
  wireDrive(IRQCHIP_UART_IRQ, identification() != IIR_NONE);
}

function readIir(): u32 {
  const id = identification();
  if (id == IIR_THRE) uartSet(UART_THRE_PENDING, 0);
  return uartGet(UART_FCR) & FCR_ENABLE ? id | IIR_FIFOS : id;
}

function readLsr(): u32 {
  const status = lineStatus();
  uartSet(UART_LSR_ERRORS, 0);
  if (status & LSR_BREAK) uartSet(UART_BREAK_SEEN, 1);
  return status;
}

function readMsr(): u32 {
  const status = modemInputs(uartGet(UART_MCR)) | uartGet(UART_MSR_DELTA);
  uartSet(UART_MSR_DELTA, 0);
  return status;
}

function readRegister(register: u32): u32 {
  const dlab = (uartGet(UART_LCR) & LCR_DLAB) != 0;
  switch (register) {
    case 0:
      return dlab ? uartGet(UART_DLL) : rxPop();
    case 1:
      return uartGet(dlab ? UART_DLM : UART_IER);
    case 2:
      return readIir();
    case 3:
      return uartGet(UART_LCR);
    case 4:
      return uartGet(UART_MCR);
    case 5:
      return readLsr();
    case 6:
      return readMsr();
    default:
      return uartGet(UART_SCR);
  }
}

function writeThr(value: u32): void {
  if (uartGet(UART_MCR) & MCR_LOOP) loopPush(value);
  else txPush(value);
  // The holding register is empty again at once; `update` takes it back when the ring is full.
  uartSet(UART_THRE_PENDING, 1);
}

/** Enabling the transmitter interrupt while the register is empty requests it (§8.4, as Linux tests). */
function writeIer(value: u32): void {
  const rising = value & ~uartGet(UART_IER);
  uartSet(UART_IER, value & 0x0f);
  if (rising & IER_THRE) uartSet(UART_THRE_PENDING, uartGet(UART_TX_FULL) ? 0 : 1);
}

/** §8.5: other bits count only with bit 0 set, and a change of bit 0 empties the FIFOs. */
function writeFcr(value: u32): void {
  const changed = (value ^ uartGet(UART_FCR)) & FCR_ENABLE;
  if (changed || (value & FCR_ENABLE && value & FCR_CLEAR_RX)) rxClear();
  uartSet(UART_FCR, value & FCR_ENABLE ? value & (FCR_KEPT | FCR_ENABLE) : 0);
}

function writeMcr(value: u32): void {
  const before = modemInputs(uartGet(UART_MCR));
  const after = modemInputs(value);
  uartSet(UART_MCR, value & MCR_BITS);
  // Ring indicator reports its trailing edge only (§8.8, TERI).
  const changed = ((before ^ after) & ~MSR_RI) | (before & ~after & MSR_RI);
  uartSet(UART_MSR_DELTA, uartGet(UART_MSR_DELTA) | (changed >> 4));
}

function writeRegister(register: u32, value: u32): void {
  const dlab = (uartGet(UART_LCR) & LCR_DLAB) != 0;
  switch (register) {
    case 0:
      if (dlab) uartSet(UART_DLL, value);
      else writeThr(value);
      break;
    case 1:
      if (dlab) uartSet(UART_DLM, value);
      else writeIer(value);
      break;
    case 2:
      writeFcr(value);
      break;
    case 3:
      uartSet(UART_LCR, value);
      break;
    case 4:
      writeMcr(value);
      break;
    case 7:
      uartSet(UART_SCR, value);
      break;
    default:
    // LSR and MSR are read only in use (§8.4: writing LSR is for factory testing).
  }
}

/** Reads the byte register at `offset`; the caller holds the lock. Beyond the eight: zero. */
export function uartRead(offset: u32): u32 {
  if (offset > 7) return 0;
  const value = readRegister(offset);
  update();
  return value;
}

/** Writes the byte register at `offset`; the caller holds the lock. */
export function uartWrite(offset: u32, value: u32): void {
  if (offset > 7) return;
  writeRegister(offset, value & 0xff);
  update();
}

/** To be called after entries were put into the console-in ring or taken from console-out. */
export function uartPump(): void {
  lockIrqchip();
  update();
  unlockIrqchip();
}
