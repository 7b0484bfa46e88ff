import type { AccessSize, DeviceModel, Placement } from "../device-model.ts";
import type { FdtNode } from "../fdt-node.ts";
import type { GuestMemory, Trace } from "../ports.ts";
import { RegisterBank } from "../bus/register-map.ts";
import { gather, scatter } from "../buffers.ts";
import { recordSection } from "../device-model.ts";
import { cells64 } from "../fdt-node.ts";
import { viewOf } from "../../util/bytes.ts";
import { DMA_REQUEST_BYTES, DmaControl, FW_CFG_REGS, SELECTOR_FLAGS } from "./regs.ts";

export interface FwCfgPorts {
  readonly memory: GuestMemory;
  readonly trace: Trace;
}

type FwCfgState = {
  readonly selected: number;
  readonly offset: number;
  readonly dmaHigh: number;
};

/** "QEMU CFG", in two big-endian words. */
const DMA_SIGNATURE = [0x5145_4d55, 0x2043_4647] as const;
const NOTHING = new Uint8Array(0);

/** What the machine tells its firmware: entries of bytes, read one after the other or by DMA. */
export class FwCfg implements DeviceModel {
  readonly name = "fw-cfg";
  readonly regs: RegisterBank<typeof FW_CFG_REGS>;
  readonly snapshot;
  readonly #ports: FwCfgPorts;
  #items: ReadonlyMap<number, Uint8Array> = new Map();
  #selected = 0;
  #offset = 0;
  #dmaHigh = 0;

  constructor(ports: FwCfgPorts) {
    this.#ports = ports;
    this.regs = new RegisterBank(this.name, FW_CFG_REGS, this.#handlers(), ports.trace);
    this.snapshot = recordSection(
      "fw-cfg",
      1,
      () => this.#save(),
      (state) => this.#restore(state),
    );
  }

  /** Gives the entries by selector value, for the next boot. */
  setItems(items: ReadonlyMap<number, Uint8Array>): void {
    this.#items = items;
  }

  reset(): void {
    this.#select(0);
    this.#dmaHigh = 0;
  }

  fdtNode({ base, sizeBytes }: Placement): FdtNode {
    return {
      name: `fw-cfg@${base.toString(16)}`,
      properties: {
        compatible: "qemu,fw-cfg-mmio",
        reg: [...cells64(base), ...cells64(sizeBytes)],
        "dma-coherent": true,
      },
    };
  }

  #handlers() {
    return {
      data: { read: (_: number, size: AccessSize) => this.#readData(size) },
      selector: { write: (value: number) => this.#select(swap(value, 2)) },
      dmaHigh: {
        read: () => swap(DMA_SIGNATURE[0], 4),
        write: (value: number) => void (this.#dmaHigh = swap(value, 4)),
      },
      dmaLow: {
        read: () => swap(DMA_SIGNATURE[1], 4),
        write: (value: number) => {
          const high = this.#dmaHigh;
          this.#dmaHigh = 0;
          this.#transfer(high * 2 ** 32 + swap(value, 4));
        },
      },
    };
  }

  #select(key: number): void {
    this.#selected = key & ~SELECTOR_FLAGS;
    this.#offset = 0;
  }

  /** What is left of the selected entry. */
  get #rest(): Uint8Array {
    return (this.#items.get(this.#selected) ?? NOTHING).subarray(this.#offset);
  }

  /** The register has the entry's bytes in their order; behind its end are zeroes. */
  #readData(size: AccessSize): number {
    const rest = this.#rest;
    let value = 0;
    for (let i = 0; i < size; i++) value += (rest[i] ?? 0) * 2 ** (8 * i);
    this.#offset += Math.min(size, rest.length);
    return value;
  }

  /** Carries out the request at `gpa`: control, length (be32), address (be64); clears its control. */
  #transfer(gpa: number): void {
    const { memory, trace } = this.#ports;
    const request = memory.segments(gpa, DMA_REQUEST_BYTES, true);
    if (!request) return trace.guestError(this.name, "DMA request outside memory");
    const fields = viewOf(gather(request.map(({ bytes }) => bytes)));
    const control = fields.getUint32(0);
    const length = fields.getUint32(4);
    const target = Number(fields.getBigUint64(8));
    if (control & DmaControl.select) this.#select(control >>> 16);
    const ok = this.#carryOut(control, target, length);
    if (!ok) trace.guestError(this.name, "DMA request refused");
    const answer = new Uint8Array(4);
    viewOf(answer).setUint32(0, ok ? 0 : DmaControl.error);
    scatter(
      request.map(({ bytes }) => bytes),
      answer,
    );
  }

  /** @returns false when memory is not there, or the guest wants to write: no entry takes that */
  #carryOut(control: number, gpa: number, length: number): boolean {
    if (control & DmaControl.read) return this.#copyOut(gpa, length);
    if (control & DmaControl.write) return length === 0;
    if (control & DmaControl.skip) this.#offset += Math.min(length, this.#rest.length);
    return true;
  }

  #copyOut(gpa: number, length: number): boolean {
    const segments = this.#ports.memory.segments(gpa, length, true);
    if (!segments) return false;
    const rest = this.#rest.subarray(0, length);
    const written = scatter(
      segments.map(({ bytes }) => bytes),
      rest,
    );
    this.#offset += written;
    let skip = written;
    for (const { bytes } of segments) {
      bytes.fill(0, Math.min(skip, bytes.length));
      skip = Math.max(0, skip - bytes.length);
    }
    return true;
  }

  #save(): FwCfgState {
    return { selected: this.#selected, offset: this.#offset, dmaHigh: this.#dmaHigh };
  }

  #restore(state: FwCfgState): void {
    this.#selected = state.selected;
    this.#offset = state.offset;
    this.#dmaHigh = state.dmaHigh;
  }
}

/** The registers are big-endian, the bus is not. */
function swap(value: number, bytes: 2 | 4): number {
  const low = ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
  if (bytes === 2) return low;
  return ((low << 16) | (((value >>> 16) & 0xff) << 8) | (value >>> 24)) >>> 0;
}
