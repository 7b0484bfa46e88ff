/** The board's two banks of flash: those with a drive are memory of the machine, read as such. */
import { FlashBank, type FlashArray } from "../device/flash/flash-bank.ts";
import type { BlockBackend, Trace } from "../device/ports.ts";
import { Event } from "../protocol/layout.ts";
import type { FlashSpec } from "../protocol/machine-service.ts";
import { vmError } from "../protocol/vm-error.ts";
import type { FrameMemory } from "./guest-memory.ts";
import type { HartView } from "./hart-view.ts";
import { FLASH, FLASH_BANK_BYTES, FLASH_BANKS } from "./memory-map.ts";

export interface FlashParts {
  readonly flash?: readonly FlashSpec[];
  readonly drives?: ReadonlyMap<string, BlockBackend>;
  readonly memory: FrameMemory;
  readonly harts: readonly HartView[];
  readonly trace: Trace;
}

/** Where bank `index` is. */
export const bankBase = (index: number): number => FLASH.base + index * FLASH_BANK_BYTES;

/** @throws VmError in QEMU's words when a drive is empty or of another length than a bank */
export function flashBanks(parts: FlashParts): FlashBank[] {
  const { flash = [], trace } = parts;
  return Array.from({ length: FLASH_BANKS }, (_, index) => {
    const spec = flash.find(({ unit }) => unit === index);
    if (!spec) return new FlashBank(index, { trace });
    return new FlashBank(index, {
      trace,
      drive: driveOf(spec, parts),
      array: arrayOf(index, parts),
    });
  });
}

/** Reads the contents of all banks. @throws VmError naming the bank whose image cannot be read */
export async function loadFlash(banks: readonly FlashBank[]): Promise<void> {
  for (const bank of banks) {
    await bank.load().catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      const detail = `${bank.name}: failed to read the initial flash content: ${why}`;
      throw vmError("openFailed", detail, { cause });
    });
  }
}

function driveOf({ unit, drive }: FlashSpec, { drives }: FlashParts): BlockBackend {
  const backend = drives?.get(drive);
  if (!backend) {
    throw vmError("configUnsupported", `pflash${unit}: drive '${drive}' has no medium`);
  }
  if (backend.sizeBytes !== FLASH_BANK_BYTES) {
    throw vmError(
      "configUnsupported",
      `pflash${unit}: device requires ${FLASH_BANK_BYTES} bytes, ` +
        `block backend provides ${backend.sizeBytes} bytes`,
    );
  }
  return backend;
}

/** The slot of memory that the machine's plan has for a bank. */
function arrayOf(index: number, { memory, harts }: FlashParts): FlashArray {
  const base = bankBase(index);
  return {
    bytes: () => memory.slotBytes(base),
    setReadable: (on) => {
      memory.setSlotPresent(base, on);
      // The hart that wrote forgets before its next instruction, others within their next 8,192.
      if (!on) for (const hart of harts) hart.post(Event.flushTlb);
    },
  };
}
