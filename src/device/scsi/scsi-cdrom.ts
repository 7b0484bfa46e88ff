/** A CD-ROM drive: QEMU's scsi-cd (MMC-6), with a medium that the host may change. */
import type { BlockBackend, Trace } from "../ports.ts";
import { noteTo } from "../block/settle.ts";
import { viewOf } from "../../util/bytes.ts";
import { scatter } from "../buffers.ts";
import { Attentions } from "./attentions.ts";
import { readBlocks } from "./block-io.ts";
import { blockRange } from "./cdb.ts";
import { Op, Senses, senseBytes, type Sense } from "./codes.ts";
import { answer, type CommandTable, dispatch, type Handler } from "./command-table.ts";
import { productPage, standardInquiry, type InquiryFacts } from "./inquiry.ts";
import {
  cachingPage,
  ERROR_RECOVERY,
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

const BLOCK_BYTES = 2048;
/** Sectors of the largest CD: more is a DVD. */
const CD_MAX_SECTORS = 80 * 60 * 75;
const Profile = { cdRom: 0x08, dvdRom: 0x10 } as const;
/** Frames of two seconds of lead-in before block 0, for addresses in minutes and seconds. */
const LEAD_IN = 150;
const MediaEvent = { none: 0, ejectRequest: 1, newMedia: 2, removal: 3 } as const;
const LEAD_OUT = 0xaa;

/** C/DVD capabilities and mechanical status: a tray, a lock, eject. */
const CAPABILITIES: ModePage = {
  code: 0x2a,
  current: () =>
    Uint8Array.of(
      ...[0x3b, 0x00, 0x7f, 0xff, 0x2d, 0x00, 0x02, 0xc2, 0x00, 0x02],
      ...[0x02, 0x00, 0x02, 0xc2, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    ),
  changeable: new Uint8Array(20),
};

export class ScsiCdrom implements ScsiUnit {
  onChange: (sense: Sense) => void = () => {};
  /** The guest opened or closed the tray. */
  onTray: (open: boolean) => void = () => {};
  readonly #facts: InquiryFacts;
  readonly #note: (message: string) => void;
  readonly #attentions = new Attentions();
  readonly #pages = [
    ERROR_RECOVERY,
    cachingPage(
      () => false,
      () => {},
    ),
    CAPABILITIES,
  ];
  readonly #handlers: CommandTable;
  #medium: BlockBackend | null;
  #trayOpen = false;
  #locked = false;
  /** What GET EVENT STATUS NOTIFICATION says next. */
  #event: number = MediaEvent.none;

  constructor(
    medium: BlockBackend | null,
    trace: Trace,
    { name, serial = "" }: { readonly name: string; readonly serial?: string },
  ) {
    this.#medium = medium;
    this.#facts = { type: 5, product: "QEMU CD-ROM", removable: true, serial, name };
    this.#note = noteTo(trace, "scsi-cd");
    this.#handlers = this.#table();
  }

  get isLocked(): boolean {
    return this.#locked;
  }

  get isOpen(): boolean {
    return this.#trayOpen;
  }

  /** The host puts another medium in, or takes it out (null). A lock of the guest's is overridden. */
  change(medium: BlockBackend | null): void {
    this.#medium = medium;
    this.#trayOpen = false;
    this.#event = medium ? MediaEvent.newMedia : MediaEvent.removal;
    if (medium) this.#attentions.add(Senses.mediumChanged);
    this.onChange(Senses.mediumChanged);
  }

  /** The host presses the button: a guest that locked the tray decides for itself. */
  requestEject(): void {
    if (!this.#locked) return this.change(null);
    this.#event = MediaEvent.ejectRequest;
  }

  takeAttention(): Sense | null {
    return this.#attentions.take();
  }

  reset(): void {
    this.#locked = false;
    this.#event = MediaEvent.none;
    this.#attentions.reset();
  }

  execute(command: ScsiCommand, done: ScsiDone): void {
    dispatch(this.#handlers, command, done);
  }

  #table(): CommandTable {
    const read: Handler = (command, done) => this.#read(command, done);
    const ready = answer(() => (this.#present ? good() : NO_MEDIUM));
    const sense = answer((command) => this.#modeSense(command));
    return new Map<number, Handler>([
      [Op.testUnitReady, ready],
      [
        Op.requestSense,
        answer((command) => reply(command, senseBytes(this.#attentions.take() ?? Senses.none))),
      ],
      [Op.inquiry, answer((command) => this.#inquiry(command))],
      [Op.reserve6, answer(() => good())],
      [Op.release6, answer(() => good())],
      [Op.startStopUnit, answer(({ cdb }) => this.#startStop(cdb))],
      [Op.preventAllow, answer(({ cdb }) => this.#preventAllow(cdb))],
      [Op.modeSense6, sense],
      [Op.modeSense10, sense],
      [Op.readCapacity10, answer((command) => this.#readCapacity(command))],
      ...[Op.read6, Op.read10, Op.read12, Op.read16].map((op) => [op, read] as const),
      ...[Op.verify10, Op.seek10, Op.synchronizeCache10].map((op) => [op, ready] as const),
      [Op.setCdSpeed, answer(() => good())],
      [Op.readToc, answer((command) => this.#readToc(command))],
      [Op.getConfiguration, answer((command) => this.#getConfiguration(command))],
      [Op.getEventStatus, answer((command) => this.#getEventStatus(command))],
      [Op.readDiscInformation, answer((command) => this.#discInformation(command))],
      [Op.mechanismStatus, answer((command) => reply(command, this.#mechanism()))],
    ]);
  }

  /** The medium, when one is there to be read. */
  get #present(): BlockBackend | null {
    return this.#trayOpen ? null : this.#medium;
  }

  get #blocks(): number {
    return Math.floor((this.#present?.sizeBytes ?? 0) / BLOCK_BYTES);
  }

  #inquiry(command: ScsiCommand): ScsiResult {
    const { cdb } = command;
    const isPage = ((cdb[1] ?? 0) & 1) !== 0;
    if (!isPage) return cdb[2] === 0 ? reply(command, standardInquiry(this.#facts)) : INVALID;
    const page = productPage(this.#facts, cdb[2] ?? 0);
    return page ? reply(command, page) : INVALID;
  }

  #read({ cdb, dataIn }: ScsiCommand, done: ScsiDone): void {
    const backend = this.#present;
    if (!backend) return done(NO_MEDIUM);
    const { lba, blocks } = blockRange(cdb);
    readBlocks({ backend, blockBytes: BLOCK_BYTES, note: this.#note }, lba, blocks, dataIn, done);
  }

  #readCapacity({ dataIn }: ScsiCommand): ScsiResult {
    if (!this.#present) return NO_MEDIUM;
    const data = new Uint8Array(8);
    const view = viewOf(data);
    view.setUint32(0, Math.min(Math.max(0, this.#blocks - 1), 0xffff_ffff));
    view.setUint32(4, BLOCK_BYTES);
    return good(scatter(dataIn, data));
  }

  /** LOEJ moves the tray: START closes, its absence opens, unless the guest locked it itself. */
  #startStop(cdb: Uint8Array): ScsiResult {
    const [isStart, isLoad] = [((cdb[4] ?? 0) & 1) !== 0, ((cdb[4] ?? 0) & 2) !== 0];
    if (!isLoad) return good();
    if (!isStart && this.#locked && !this.#trayOpen) return check(Senses.removalPrevented);
    if (this.#trayOpen !== isStart) return good();
    this.#trayOpen = !isStart;
    this.#event = isStart && this.#medium ? MediaEvent.newMedia : MediaEvent.removal;
    if (isStart && this.#medium) this.#attentions.add(Senses.mediumChanged);
    this.onTray(this.#trayOpen);
    return good();
  }

  #preventAllow(cdb: Uint8Array): ScsiResult {
    this.#locked = ((cdb[4] ?? 0) & 1) !== 0;
    return good();
  }

  #modeSense(command: ScsiCommand): ScsiResult {
    const { cdb } = command;
    const control = (cdb[2] ?? 0) >> 6;
    // No page has subpages.
    if ((cdb[3] ?? 0) !== 0) return INVALID;
    if (control === PageControl.saved) return check({ ...Senses.invalidField, asc: 0x39 });
    const long = cdb[0] === Op.modeSense10;
    const sense = { pages: this.#pages, specific: 0, long };
    const data = modeSense(sense, (cdb[2] ?? 0) & 0x3f, control);
    return data ? reply(command, data) : INVALID;
  }

  /** Formats 0 (the tracks) and 1 (the sessions): one data track over the whole disc (MMC-6 §6.25). */
  #readToc(command: ScsiCommand): ScsiResult {
    if (!this.#present) return NO_MEDIUM;
    const { cdb } = command;
    const msf = ((cdb[1] ?? 0) & 2) !== 0;
    const format = cdb[2] ?? 0;
    const first = cdb[6] ?? 0;
    if (format === 1) return reply(command, toc([{ number: 1, lba: 0 }], msf));
    if (format !== 0 || (first > 1 && first !== LEAD_OUT)) return INVALID;
    const tracks = [
      { number: 1, lba: 0 },
      { number: LEAD_OUT, lba: this.#blocks },
    ];
    return reply(command, toc(first <= 1 ? tracks : tracks.slice(1), msf));
  }

  /** The profile that the medium makes current, and the features that go with it (MMC-6 §6.5). */
  #getConfiguration(command: ScsiCommand): ScsiResult {
    const isDvd = this.#blocks > CD_MAX_SECTORS;
    const current = this.#present ? (isDvd ? Profile.dvdRom : Profile.cdRom) : 0;
    const profile = (code: number) => [0, code, current === code ? 1 : 0, 0];
    const body = [
      ...[0, 0, 0x03, 8, ...profile(Profile.dvdRom), ...profile(Profile.cdRom)],
      // Core: SCSI family; removable medium: a tray with lock and eject.
      ...[0, 1, 0x0b, 8, 0, 0, 0, 1, 0, 0, 0, 0],
      ...[0, 3, 0x03, 4, 0x29, 0, 0, 0],
    ];
    const length = body.length + 4;
    const header = [0, 0, length >> 8, length & 0xff, 0, 0, 0, current];
    return reply(command, Uint8Array.from([...header, ...body]));
  }

  /** Polled only: the media class, once for each event (MMC-6 §6.6). */
  #getEventStatus(command: ScsiCommand): ScsiResult {
    const { cdb } = command;
    const MEDIA = 1 << 4;
    if (((cdb[1] ?? 0) & 1) === 0) return INVALID;
    if (((cdb[4] ?? 0) & MEDIA) === 0) return reply(command, Uint8Array.of(0, 2, 0x80, MEDIA));
    const event = this.#event;
    this.#event = MediaEvent.none;
    const state = (this.#trayOpen ? 1 : 0) | (this.#present ? 2 : 0);
    return reply(command, Uint8Array.of(0, 6, 4, MEDIA, event, state, 0, 0));
  }

  /** A finalized disc of one session and one track (MMC-6 §6.21). */
  #discInformation(command: ScsiCommand): ScsiResult {
    if (!this.#present) return NO_MEDIUM;
    if (((command.cdb[1] ?? 0) & 7) !== 0) return INVALID;
    const data = new Uint8Array(34);
    data.set([0, 32, 0x0e, 1, 1, 1, 1, 0x20]);
    return reply(command, data);
  }

  #mechanism(): Uint8Array {
    return Uint8Array.of(0, this.#trayOpen ? 0x10 : 0, 0, 0, 0, 1, 0, 0);
  }
}

const INVALID = check(Senses.invalidField);
const NO_MEDIUM = check(Senses.noMedium);
const DATA_TRACK = 0x14;

function toc(tracks: readonly { readonly number: number; readonly lba: number }[], msf: boolean) {
  const data = new Uint8Array(4 + 8 * tracks.length);
  const view = viewOf(data);
  view.setUint16(0, data.length - 2);
  view.setUint8(2, 1);
  view.setUint8(3, 1);
  tracks.forEach(({ number, lba }, i) => {
    const at = 4 + 8 * i;
    view.setUint8(at + 1, DATA_TRACK);
    view.setUint8(at + 2, number);
    view.setUint32(at + 4, msf ? msfOf(lba) : lba);
  });
  return data;
}

/** Minutes, seconds and frames, a byte each. */
function msfOf(lba: number): number {
  const frames = lba + LEAD_IN;
  const minutes = Math.floor(frames / 75 / 60) & 0xff;
  return (minutes << 16) | ((Math.floor(frames / 75) % 60) << 8) | (frames % 75);
}
