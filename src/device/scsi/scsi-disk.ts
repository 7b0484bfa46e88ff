/** A direct access block device: QEMU's scsi-hd (SBC-3). */
import type { BlockBackend, Trace } from "../ports.ts";
import { noteTo } from "../block/settle.ts";
import { viewOf } from "../../util/bytes.ts";
import { gather, scatter, slice, totalBytes } from "../buffers.ts";
import { Attentions } from "./attentions.ts";
import { carryOut, readBlocks, refuseRange, type BlockIo } from "./block-io.ts";
import { allocationLength, blockRange, u64 } from "./cdb.ts";
import { Op, READ_CAPACITY_16, Senses, senseBytes, type Sense } from "./codes.ts";
import { answer, type CommandTable, dispatch, type Handler } from "./command-table.ts";
import { MAX_UNMAP_RANGES, productPage, standardInquiry, type InquiryFacts } from "./inquiry.ts";
import {
  cachingPage,
  ERROR_RECOVERY,
  modeSelect,
  modeSense,
  PageControl,
  type ModePage,
} from "./mode-pages.ts";
import { reply } from "./reply.ts";
import {
  check,
  good,
  type ScsiCommand,
  type ScsiDone,
  type ScsiResult,
  type ScsiUnit,
} from "./scsi-unit.ts";

export interface ScsiDiskOptions {
  /** Names the unit where it has no serial number. */
  readonly name: string;
  readonly serial?: string;
}

const WRITE_PROTECTED = 0x80;
const DPOFUA = 0x10;
/** Blocks of one UNMAP or WRITE SAME: 1 GiB of the smallest ones. */
const MAX_UNMAP_BLOCKS = 0x20_0000;
const UNMAP_BIT = 1 << 3;
const NO_DATA_OUT = 1;

export class ScsiDisk implements ScsiUnit {
  onChange: (sense: Sense) => void = () => {};
  readonly #io: BlockIo;
  readonly #facts: InquiryFacts;
  readonly #attentions = new Attentions();
  readonly #pages: readonly ModePage[];
  readonly #handlers: CommandTable;
  #writeCache: boolean;

  constructor(backend: BlockBackend, trace: Trace, { name, serial = "" }: ScsiDiskOptions) {
    const blockBytes = backend.logicalBlockBytes;
    this.#writeCache = !backend.writeThrough;
    this.#io = { backend, blockBytes, note: noteTo(trace, "scsi-hd") };
    const limits = { maxUnmapBlocks: MAX_UNMAP_BLOCKS, thin: true };
    const product = "QEMU HARDDISK";
    this.#facts = { type: 0, product, removable: false, serial, name, limits };
    const setCache = (enabled: boolean): void => void (this.#writeCache = enabled);
    this.#pages = [ERROR_RECOVERY, cachingPage(() => this.#writeCache, setCache)];
    this.#handlers = this.#table();
    backend.onResize(() => {
      this.#attentions.add(Senses.capacityChanged);
      this.onChange(Senses.capacityChanged);
    });
  }

  takeAttention(): Sense | null {
    return this.#attentions.take();
  }

  reset(): void {
    this.#writeCache = !this.#io.backend.writeThrough;
    this.#attentions.reset();
  }

  execute(command: ScsiCommand, done: ScsiDone): void {
    dispatch(this.#handlers, command, done);
  }

  #table(): CommandTable {
    const nothing = answer(() => good());
    const read: Handler = ({ cdb, dataIn }, done) => {
      const { lba, blocks } = blockRange(cdb);
      readBlocks(this.#io, lba, blocks, dataIn, done);
    };
    const write: Handler = (command, done) => this.#write(command, done);
    const verify: Handler = answer(({ cdb }) => this.#verify(cdb));
    const flush: Handler = (_, done) =>
      carryOut(this.#io, () => this.#io.backend.flush(), good(), done);
    const sense = answer((command) => this.#modeSense(command));
    const select = answer((command) => this.#modeSelect(command));
    return new Map<number, Handler>([
      [Op.testUnitReady, nothing],
      [
        Op.requestSense,
        answer((command) => reply(command, senseBytes(this.#attentions.take() ?? Senses.none))),
      ],
      [Op.inquiry, answer((command) => this.#inquiry(command))],
      [Op.reserve6, nothing],
      [Op.release6, nothing],
      [Op.startStopUnit, nothing],
      [Op.preventAllow, nothing],
      [Op.modeSense6, sense],
      [Op.modeSense10, sense],
      [Op.modeSelect6, select],
      [Op.modeSelect10, select],
      [Op.readCapacity10, answer((command) => this.#readCapacity10(command))],
      [Op.serviceActionIn16, answer((command) => this.#serviceActionIn(command))],
      ...[Op.read6, Op.read10, Op.read12, Op.read16].map((op) => [op, read] as const),
      ...[Op.write6, Op.write10, Op.write12, Op.write16].map((op) => [op, write] as const),
      ...[Op.verify10, Op.verify12, Op.verify16].map((op) => [op, verify] as const),
      [Op.synchronizeCache10, flush],
      [Op.synchronizeCache16, flush],
      [Op.unmap, (command, done) => this.#unmap(command, done)],
      [Op.writeSame10, (command, done) => this.#writeSame(command, done)],
      [Op.writeSame16, (command, done) => this.#writeSame(command, done)],
    ]);
  }

  #inquiry(command: ScsiCommand): ScsiResult {
    const { cdb } = command;
    const isPage = ((cdb[1] ?? 0) & 1) !== 0;
    if (!isPage) return cdb[2] === 0 ? reply(command, standardInquiry(this.#facts)) : INVALID;
    const page = productPage(this.#facts, cdb[2] ?? 0);
    return page ? reply(command, page) : INVALID;
  }

  get #blocks(): number {
    return Math.floor(this.#io.backend.sizeBytes / this.#io.blockBytes);
  }

  #readCapacity10({ dataIn }: ScsiCommand): ScsiResult {
    const data = new Uint8Array(8);
    const view = viewOf(data);
    view.setUint32(0, Math.min(this.#blocks - 1, 0xffff_ffff));
    view.setUint32(4, this.#io.blockBytes);
    return good(scatter(dataIn, data));
  }

  #serviceActionIn(command: ScsiCommand): ScsiResult {
    if (((command.cdb[1] ?? 0) & 0x1f) !== READ_CAPACITY_16) return INVALID;
    const data = new Uint8Array(32);
    const view = viewOf(data);
    const { physicalBlockBytes } = this.#io.backend;
    view.setBigUint64(0, BigInt(this.#blocks - 1));
    view.setUint32(8, this.#io.blockBytes);
    view.setUint8(13, Math.log2(physicalBlockBytes / this.#io.blockBytes));
    // LBPME: blocks can be unmapped.
    view.setUint8(14, 0x80);
    return reply(command, data);
  }

  #modeSense(command: ScsiCommand): ScsiResult {
    const { cdb } = command;
    const long = cdb[0] === Op.modeSense10;
    const control = (cdb[2] ?? 0) >> 6;
    // No page has subpages.
    if ((cdb[3] ?? 0) !== 0) return INVALID;
    if (control === PageControl.saved) return check({ ...Senses.invalidField, asc: 0x39 });
    const wantsDescriptor = ((cdb[1] ?? 0) & 8) === 0;
    const { readOnly } = this.#io.backend;
    const descriptor = { blocks: this.#blocks, blockBytes: this.#io.blockBytes };
    const specific = DPOFUA | (readOnly ? WRITE_PROTECTED : 0);
    const sense = { pages: this.#pages, specific, long, ...(wantsDescriptor && { descriptor }) };
    const data = modeSense(sense, (cdb[2] ?? 0) & 0x3f, control);
    return data ? reply(command, data) : INVALID;
  }

  #modeSelect({ cdb, dataOut }: ScsiCommand): ScsiResult {
    const long = cdb[0] === Op.modeSelect10;
    const data = gather(dataOut, allocationLength(cdb));
    const header = long ? 8 : 4;
    if (data.length === 0) return good();
    if (data.length < header) return check(Senses.parameterLength);
    const descriptor = long ? viewOf(data).getUint16(6) : (data[3] ?? 0);
    if (header + descriptor > data.length) return check(Senses.parameterLength);
    const isTaken = modeSelect(this.#pages, data.subarray(header + descriptor));
    return isTaken ? good(data.length) : check(Senses.invalidParameter);
  }

  /** Without BYTCHK nothing is compared: it is enough that the blocks are there (SBC-3 §5.36). */
  #verify(cdb: Uint8Array): ScsiResult {
    const { lba, blocks } = blockRange(cdb);
    if (((cdb[1] ?? 0) & 0x06) !== 0) return INVALID;
    return refuseRange(this.#io, lba, blocks) ?? good();
  }

  #write({ cdb, dataOut }: ScsiCommand, done: ScsiDone): void {
    const { lba, blocks, fua } = blockRange(cdb);
    const { backend, blockBytes } = this.#io;
    const refused = this.#refuseWrite(lba, blocks);
    if (refused) return done(refused);
    const bytes = blocks * blockBytes;
    if (totalBytes(dataOut) < bytes) return done(INVALID);
    if (bytes === 0) return done(good());
    const segments = slice(dataOut, 0, bytes);
    this.#change(fua, () => backend.write(lba * blockBytes, segments), good(bytes), done);
  }

  #refuseWrite(lba: number, blocks: number): ScsiResult | null {
    if (this.#io.backend.readOnly) return check(Senses.writeProtected);
    return refuseRange(this.#io, lba, blocks);
  }

  /** Carries out a write; without a write cache, or where it must be, it is stable when done. */
  #change(
    fua: boolean,
    operation: () => void | Promise<void>,
    result: ScsiResult,
    done: ScsiDone,
  ): void {
    const { backend } = this.#io;
    const stable = fua || !this.#writeCache;
    const flushed = (end: ScsiResult): void => {
      if (end.kind === "check" || !stable) return done(end);
      carryOut(this.#io, () => backend.flush(), result, done);
    };
    carryOut(this.#io, operation, result, flushed);
  }

  /** UNMAP: a list of ranges, done one after the other (SBC-3 §5.28). */
  #unmap({ cdb, dataOut }: ScsiCommand, done: ScsiDone): void {
    const data = gather(dataOut, allocationLength(cdb));
    if (data.length < 8) return done(data.length === 0 ? good() : check(Senses.parameterLength));
    const view = viewOf(data);
    const length = view.getUint16(2);
    if (length % 16 !== 0 || 8 + length > data.length) return done(check(Senses.parameterLength));
    const count = length / 16;
    if (count > MAX_UNMAP_RANGES) return done(check(Senses.invalidParameter));
    const ranges = Array.from({ length: count }, (_, i) => ({
      lba: u64(view, 8 + 16 * i),
      blocks: view.getUint32(16 + 16 * i),
    }));
    const refused = ranges
      .map(({ lba, blocks }) => this.#refuseWrite(lba, blocks))
      .find((result) => result !== null);
    if (refused) return done(refused);
    if (ranges.some(({ blocks }) => blocks > MAX_UNMAP_BLOCKS)) {
      return done(check(Senses.invalidParameter));
    }
    this.#unmapNext(ranges, good(data.length), done);
  }

  #unmapNext(
    [first, ...rest]: readonly { readonly lba: number; readonly blocks: number }[],
    result: ScsiResult,
    done: ScsiDone,
  ): void {
    if (!first) return done(result);
    const { backend, blockBytes } = this.#io;
    const discard = () => backend.discard(first.lba * blockBytes, first.blocks * blockBytes);
    carryOut(this.#io, discard, result, (end) =>
      end.kind === "check" ? done(end) : this.#unmapNext(rest, result, done),
    );
  }

  /** WRITE SAME: of zeroes, or unmapping; another block is written over and over (SBC-3 §5.43). */
  #writeSame({ cdb, dataOut }: ScsiCommand, done: ScsiDone): void {
    const { lba, blocks } = blockRange(cdb);
    const { backend, blockBytes } = this.#io;
    const flags = cdb[1] ?? 0;
    const hasNoData = cdb[0] === Op.writeSame16 && (flags & NO_DATA_OUT) !== 0;
    if (blocks === 0 || blocks > MAX_UNMAP_BLOCKS) return done(INVALID);
    const refused = this.#refuseWrite(lba, blocks);
    if (refused) return done(refused);
    const block = hasNoData ? new Uint8Array(blockBytes) : gather(dataOut, blockBytes);
    if (block.length < blockBytes) return done(INVALID);
    const mayUnmap = (flags & UNMAP_BIT) !== 0;
    const [offset, length] = [lba * blockBytes, blocks * blockBytes];
    const operation = block.every((byte) => byte === 0)
      ? () => backend.writeZeroes(offset, length, mayUnmap)
      : () => backend.write(offset, repeat(block, blocks));
    this.#change(false, operation, good(hasNoData ? 0 : blockBytes), done);
  }
}

const INVALID = check(Senses.invalidField);

/** The same block as often as it is wanted, without a copy of each. */
function repeat(block: Uint8Array, times: number): readonly Uint8Array[] {
  return Array.from({ length: times }, () => block);
}
