import type { AccessSize, DeviceModel, MmioRegion, Placement } from "../device-model.ts";
import type { BlockBackend, Trace } from "../ports.ts";
import type { FdtNode } from "../fdt-node.ts";
import { recordSection } from "../device-model.ts";
import { cells64 } from "../fdt-node.ts";
import { hex } from "../../util/bytes.ts";
import { CFI_TABLE } from "./cfi-table.ts";
import { FlashDrive } from "./flash-drive.ts";
import {
  BANK_BYTES,
  BANK_WIDTH,
  BLOCK_BYTES,
  BUFFER_BYTES,
  CHIP_ID,
  CHIP_WIDTH,
  Command,
  Confirm,
  Status,
} from "./regs.ts";

/** Where a bank's contents are. */
export interface FlashArray {
  /** BANK_BYTES of them, zero at first. */
  bytes(): Uint8Array;
  /** Whether the guest's loads and fetches go to `bytes` without the device. */
  setReadable(on: boolean): void;
}

export interface FlashPorts {
  readonly trace: Trace;
  /** Ordinary memory that is there once it is written to, when absent. */
  readonly array?: FlashArray;
  /** An image of BANK_BYTES: what the contents come from and go to. They start as zeroes and are lost when absent. */
  readonly drive?: BlockBackend;
}

/** A type, not an interface: only type aliases are assignable to index signatures. */
type FlashState = {
  readonly command: number;
  readonly cycle: number;
  readonly status: number;
  readonly left: number;
  readonly buffer: Uint8Array;
  readonly bufferAt: number;
};

/** The count of a buffered program is due; its data; its confirmation. */
const Cycle = { first: 0, second: 1, data: 2, confirm: 3 } as const;

/** No write buffer is filled. */
const NOWHERE = -1;

/**
 * One bank of flash. In array mode the guest reads memory and only writes come here; in every other
 * mode reads come here, too. Programming stores what is written, as QEMU does: it can set bits.
 */
export class FlashBank implements DeviceModel {
  readonly name: string;
  readonly regs: MmioRegion = {
    read: (offset, size) => this.#read(offset, size),
    write: (offset, size, value) => this.#write(offset, size, value),
  };
  readonly snapshot;
  readonly #index: number;
  readonly #trace: Trace;
  readonly #array: FlashArray;
  readonly #drive: FlashDrive | null;
  /** The command whose answer reads give; 0 is the array. */
  #command = 0;
  /** Bus cycles of the command that were seen. */
  #cycle: number = Cycle.first;
  #status: number = Status.ready;
  /** Writes that the buffered program still takes, less 1. */
  #left = 0;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #bufferAt = NOWHERE;

  constructor(index: number, { trace, array, drive }: FlashPorts) {
    this.name = `pflash${index}`;
    this.#index = index;
    this.#trace = trace;
    this.#array = array ?? new OwnArray();
    this.#drive = drive ? new FlashDrive(drive, trace, this.name) : null;
    this.snapshot = recordSection(
      this.name,
      1,
      () => this.#save(),
      (state) => this.#restore(state),
    );
  }

  /** Reads the contents from the drive. To be done once, before the guest runs. */
  async load(): Promise<void> {
    await this.#drive?.load(this.#array.bytes());
  }

  /** Resolves when the drive has all that was programmed. */
  async settled(): Promise<void> {
    await this.#drive?.settled();
  }

  reset(): void {
    this.#status = Status.ready;
    this.#toArray();
  }

  /** Bank 0 announces itself and those behind it in one node, as QEMU does. */
  fdtNode({ base, sizeBytes }: Placement): FdtNode | null {
    if (this.#index > 0) return null;
    const banks = Array.from({ length: sizeBytes / BANK_BYTES }, (_, i) => base + i * BANK_BYTES);
    return {
      name: `flash@${base.toString(16)}`,
      properties: {
        compatible: "cfi-flash",
        reg: banks.flatMap((bank) => [...cells64(bank), ...cells64(BANK_BYTES)]),
        "bank-width": [BANK_WIDTH],
      },
    };
  }

  #read(offset: number, size: AccessSize): number {
    switch (this.#command) {
      case 0:
        return load(this.#array.bytes(), offset, size);
      case Command.readId:
        return onAllChips(CHIP_ID[(offset / BANK_WIDTH) & 0xff] ?? 0, size);
      case Command.query:
        return onAllChips(CFI_TABLE[Math.floor(offset / BANK_WIDTH)] ?? 0, size);
      default:
        return onAllChips(this.#statusNow, size);
    }
  }

  get #statusNow(): number {
    return this.#drive?.isBusy ? this.#status & ~Status.ready : this.#status;
  }

  #write(offset: number, size: AccessSize, value: number): void {
    switch (this.#cycle) {
      case Cycle.first:
        return this.#begin(value & 0xff, offset);
      case Cycle.second:
        return this.#second(offset, size, value);
      case Cycle.data:
        return this.#fill(offset, size, value);
      default:
        return this.#confirmBuffer(value & 0xff);
    }
  }

  #begin(command: number, offset: number): void {
    switch (command) {
      case Command.program:
      case Command.programAlternate:
      case Command.lock:
      case Command.query:
      case Command.bufferedProgram:
      case Command.eraseBlock:
        return this.#expect(command, Cycle.second);
      case Command.readStatus:
      case Command.readId:
        return this.#expect(command, Cycle.first);
      case Command.clearStatus:
        this.#status = Status.ready;
        return this.#toArray();
      case 0:
      case Command.amdReset:
      case Command.readArray:
        return this.#toArray();
      default:
        return this.#refuse(offset, command);
    }
  }

  #second(offset: number, size: AccessSize, value: number): void {
    const low = value & 0xff;
    switch (this.#command) {
      case Command.program:
      case Command.programAlternate:
        this.#program(offset, size, value);
        return this.#expect(this.#command, Cycle.first);
      case Command.bufferedProgram:
        this.#left = value & (2 ** (8 * CHIP_WIDTH) - 1);
        this.#bufferAt = NOWHERE;
        return this.#expect(this.#command, Cycle.data);
      case Command.eraseBlock:
        if (low === Confirm.readArray) return this.#toArray();
        if (low !== Confirm.confirm) return this.#refuse(offset, low);
        this.#erase(offset - (offset % BLOCK_BYTES));
        return this.#expect(this.#command, Cycle.first);
      case Command.lock:
        // Locks are taken note of by nobody, as under QEMU.
        if (low === Confirm.confirm || low === Confirm.setLock) {
          return this.#expect(this.#command, Cycle.first);
        }
        return this.#toArray();
      default:
        // The query is left by the array's command; others are not heard.
        if (low === Confirm.readArray) this.#toArray();
    }
  }

  /** Starts, or goes on with, a command: reads answer for it from now on. */
  #expect(command: number, cycle: number): void {
    if (this.#command === 0) this.#array.setReadable(false);
    this.#command = command;
    this.#cycle = cycle;
  }

  #toArray(): void {
    this.#command = 0;
    this.#cycle = Cycle.first;
    this.#bufferAt = NOWHERE;
    this.#array.setReadable(true);
  }

  #refuse(offset: number, value: number): void {
    const during = this.#command === 0 ? "" : ` during command ${hex(this.#command)}`;
    this.#trace.guestError(this.name, `command ${hex(value)} at ${hex(offset)}${during}`);
    this.#toArray();
  }

  #erase(block: number): void {
    if (!this.#mayChange(Status.eraseError)) return;
    this.#array.bytes().fill(0xff, block, block + BLOCK_BYTES);
    this.#changed(block, BLOCK_BYTES, Status.eraseError);
  }

  #program(offset: number, size: AccessSize, value: number): void {
    if (!this.#mayChange(Status.programError)) return;
    store(this.#array.bytes(), offset, size, value);
    this.#changed(offset, size, Status.programError);
  }

  /** The buffer holds one aligned stretch of the array: what its first write is in. */
  #fill(offset: number, size: AccessSize, value: number): void {
    if (this.#bufferAt === NOWHERE) {
      this.#bufferAt = offset - (offset % BUFFER_BYTES);
      this.#buffer.set(this.#array.bytes().subarray(this.#bufferAt, this.#bufferAt + BUFFER_BYTES));
    }
    const at = offset - this.#bufferAt;
    if (at >= 0 && at + size <= BUFFER_BYTES) store(this.#buffer, at, size, value);
    else this.#status |= Status.programError;
    if (this.#left-- === 0) this.#cycle = Cycle.confirm;
  }

  #confirmBuffer(value: number): void {
    if (value !== Confirm.confirm) return this.#refuse(Math.max(0, this.#bufferAt), value);
    if (this.#mayChange(Status.programError)) {
      this.#array.bytes().set(this.#buffer, this.#bufferAt);
      this.#changed(this.#bufferAt, BUFFER_BYTES, Status.programError);
    }
    this.#expect(this.#command, Cycle.first);
  }

  /** Notes the error when the contents must not change. */
  #mayChange(error: number): boolean {
    if (!this.#drive?.readOnly && !this.#drive?.isFull) return true;
    this.#status |= error;
    return false;
  }

  #changed(offset: number, length: number, error: number): void {
    this.#drive?.save(this.#array.bytes(), offset, length, () => (this.#status |= error));
  }

  #save(): FlashState {
    return {
      command: this.#command,
      cycle: this.#cycle,
      status: this.#status,
      left: this.#left,
      buffer: this.#buffer.slice(),
      bufferAt: this.#bufferAt,
    };
  }

  #restore(state: FlashState): void {
    this.#command = state.command;
    this.#cycle = state.cycle;
    this.#status = state.status;
    this.#left = state.left;
    this.#buffer.set(state.buffer.subarray(0, BUFFER_BYTES));
    this.#bufferAt = state.bufferAt;
    this.#array.setReadable(state.command === 0);
  }
}

/** Contents of a bank without a drive, which only few guests look at. */
class OwnArray implements FlashArray {
  #bytes: Uint8Array | undefined;

  bytes(): Uint8Array {
    this.#bytes ??= new Uint8Array(BANK_BYTES);
    return this.#bytes;
  }

  setReadable(): void {}
}

/** What every chip says alike, in one access of the bus. */
function onAllChips(value: number, size: AccessSize): number {
  return size === BANK_WIDTH ? (value | (value << (8 * CHIP_WIDTH))) >>> 0 : value;
}

function load(bytes: Uint8Array, offset: number, size: AccessSize): number {
  let value = 0;
  for (let i = 0; i < size; i++) value += (bytes[offset + i] ?? 0) * 2 ** (8 * i);
  return value;
}

function store(bytes: Uint8Array, offset: number, size: AccessSize, value: number): void {
  for (let i = 0; i < size; i++) bytes[offset + i] = (value >>> (8 * i)) & 0xff;
}
