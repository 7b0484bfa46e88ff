/** A function on the bus: its configuration space and where its base address registers point. */
import type { AccessSize, MmioRegion } from "../device-model.ts";
import { ConfigSpace } from "./config-space.ts";
import { BarBit, barAt, Command, HEADER, StatusBit, type ConfigField } from "./header.ts";

export interface PciIdentity {
  readonly vendor: number;
  readonly device: number;
  readonly revision: number;
  /** Base class in the high byte, subclass in the low one. */
  readonly classCode: number;
  readonly subsystemVendor: number;
  readonly subsystem: number;
  /** 1: it drives INTA; 0: it has no interrupt. */
  readonly interruptPin: 0 | 1;
}

/** A stretch of addresses that the guest places by a base address register. */
export interface PciBar {
  /** Register 0 to 5; a wide one takes the next, too. */
  readonly index: number;
  readonly space: "io" | "memory";
  /** A power of two: at least 16 in memory, at least 4 in I/O space. */
  readonly sizeBytes: number;
  /** 64 bits. */
  readonly wide?: boolean;
  readonly prefetchable?: boolean;
  readonly region: MmioRegion;
}

/** A BAR that decodes now. */
export interface PciMapping {
  readonly bar: PciBar;
  /** Address in the BAR's space. */
  readonly base: number;
}

/** What a function's owner wants to know. */
export interface PciListener {
  /** Command or a BAR changed what is decoded, or whether INTA may be driven. */
  onDecode?(): void;
  /** The guest is about to read configuration space. */
  beforeRead?(offset: number, size: AccessSize): void;
  /** The guest has written it. */
  onWrite?(offset: number, size: AccessSize): void;
}

/** Highest port of the I/O window, exclusive. */
const IO_END = 0x1_0000;

export class PciFunction {
  readonly name: string;
  readonly config = new ConfigSpace();
  readonly listeners: PciListener[] = [];
  /** INTA's level as the device drives it, before the command register's veto. */
  interruptLevel: () => boolean = () => false;
  readonly #bars: readonly PciBar[];
  #mappings: readonly PciMapping[] = [];

  constructor(name: string, identity: PciIdentity, bars: readonly PciBar[]) {
    this.name = name;
    this.#bars = bars;
    this.#defineHeader(identity);
    for (const bar of bars) this.#defineBar(bar);
  }

  /** The BARs that decode, as command and BARs say. */
  get mappings(): readonly PciMapping[] {
    return this.#mappings;
  }

  get command(): number {
    return this.config.get(HEADER.command);
  }

  /** @param offset a multiple of `size`, below CONFIG_BYTES */
  readConfig(offset: number, size: AccessSize): number {
    for (const listener of this.listeners) listener.beforeRead?.(offset, size);
    const value = this.config.read(offset, size);
    return offset <= HEADER.status.at && offset + size > HEADER.status.at && this.interruptLevel()
      ? (value | (StatusBit.interrupt << (8 * (HEADER.status.at - offset)))) >>> 0
      : value;
  }

  writeConfig(offset: number, size: AccessSize, value: number): void {
    this.config.write(offset, size, value);
    for (const listener of this.listeners) listener.onWrite?.(offset, size);
    if (offset < HEADER.subsystemVendorId.at) this.#decode();
  }

  reset(): void {
    this.config.reset();
    this.#decode();
  }

  restore(config: Uint8Array): void {
    this.config.restore(config);
    this.#decode();
  }

  #defineHeader(identity: PciIdentity): void {
    const { config } = this;
    config.define(HEADER.vendorId, identity.vendor);
    config.define(HEADER.deviceId, identity.device);
    config.define(HEADER.revisionId, identity.revision);
    config.define(HEADER.classCode, identity.classCode);
    config.define(HEADER.subsystemVendorId, identity.subsystemVendor);
    config.define(HEADER.subsystemId, identity.subsystem);
    config.define(HEADER.interruptPin, identity.interruptPin);
  }

  /** Address bits below the size read as zero: that is how a guest learns the size (§6.2.5.1). */
  #defineBar({ index, space, sizeBytes, wide = false, prefetchable = false }: PciBar): void {
    const kind = (wide ? BarBit.wide : 0) | (prefetchable ? BarBit.prefetchable : 0);
    const mask = -sizeBytes >>> 0;
    this.config.define(low(index), space === "io" ? BarBit.io : kind, mask);
    if (wide) this.config.define(low(index + 1), 0, 0xffff_ffff);
  }

  #decode(): void {
    this.#mappings = this.#bars.flatMap((bar) => {
      const base = this.#baseOf(bar);
      return base === null ? [] : [{ bar, base }];
    });
    for (const listener of this.listeners) listener.onDecode?.();
  }

  /**
   * What does not fit the space is not decoded. I/O ports begin at 0, where EDK2 puts the first BAR; memory
   * at 0 is in no window.
   */
  #baseOf({ index, space, sizeBytes, wide = false }: PciBar): number | null {
    const enabled = space === "io" ? Command.ioSpace : Command.memorySpace;
    if ((this.command & enabled) === 0) return null;
    const lowBits = (this.config.get(low(index)) & -sizeBytes) >>> 0;
    const base = lowBits + (wide ? this.config.get(low(index + 1)) * 2 ** 32 : 0);
    if ((base === 0 && space !== "io") || !Number.isSafeInteger(base + sizeBytes)) return null;
    return space === "io" && base + sizeBytes > IO_END ? null : base;
  }
}

function low(index: number): ConfigField {
  return { at: barAt(index), bytes: 4 };
}
