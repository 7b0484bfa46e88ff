/**
 * The memory balloon (virtio 1.3 §5.5): the guest gives up as many pages as the host asks for.
 *
 * What is given up stays where it is: guest memory is one shared `WebAssembly.Memory`, of which no host
 * takes pages back. Thus the device writes nothing, and a page that is taken back holds what it held.
 */
import { gather, totalBytes } from "../../buffers.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import type { Clock, GuestMemory, Trace } from "../../ports.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { Chain } from "../queue/chain.ts";
import { BURST_CHAINS, readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import {
  BALLOON_PAGE_BYTES,
  BalloonConfig,
  BalloonFeature,
  BalloonQueue,
  type GuestStats,
  parseStats,
  PFN_BYTES,
  STAT_BYTES,
  STATS,
} from "./regs.ts";

const QUEUE_SIZE = 128;
/** Room for each statistic twice; what a driver gives beyond that is not looked at. */
const MAX_STATS_BYTES = 2 * STATS.length * STAT_BYTES;
const NS_PER_S = 1_000_000_000n;

export interface VirtioBalloonPorts {
  readonly memory: Pick<GuestMemory, "readU32">;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Hears that the guest has another amount of memory, in bytes. */
  readonly changed?: (actualBytes: number) => void;
}

export interface VirtioBalloonOptions {
  /** All memory of the guest, a multiple of 4096. */
  readonly ramBytes: number;
  /** The guest may take pages back when it runs out of memory; off when absent. */
  readonly deflateOnOom?: boolean;
}

export class VirtioBalloon implements VirtioDevice {
  readonly name = "virtio-balloon";
  readonly deviceId = 5;
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE];
  readonly features: bigint;
  readonly configBytes = BalloonConfig.bytes;
  readonly snapshot;
  readonly #ports: VirtioBalloonPorts;
  readonly #ramPages: number;
  readonly #config = new Uint8Array(BalloonConfig.bytes);
  #context: VirtioContext | null = null;
  #stats: GuestStats = {};
  #statsAtNs = 0n;
  #pollS = 0;
  #cancelPoll: () => void = () => {};

  constructor(ports: VirtioBalloonPorts, { ramBytes, deflateOnOom }: VirtioBalloonOptions) {
    this.#ports = ports;
    this.#ramPages = ramBytes / BALLOON_PAGE_BYTES;
    const { statsVq, pagePoison } = BalloonFeature;
    this.features =
      statsVq | pagePoison | (deflateOnOom === true ? BalloonFeature.deflateOnOom : 0n);
    const save = () => ({ config: this.#config.slice(), pollS: this.#pollS });
    this.snapshot = recordSection("virtio-balloon", 1, save, ({ config, pollS }) => {
      this.#config.set(config.subarray(0, BalloonConfig.bytes));
      this.setPollInterval(pollS);
    });
  }

  /** Memory that the guest has now, in bytes: all but the balloon, as the driver counts it. */
  get actualBytes(): number {
    const pages = Math.min(this.#word(BalloonConfig.actual), this.#ramPages);
    return (this.#ramPages - pages) * BALLOON_PAGE_BYTES;
  }

  /** What the guest said last of its memory. */
  get stats(): GuestStats {
    return this.#stats;
  }

  /** When it said so, in seconds since 1970; 0 before. */
  get statsAtS(): number {
    return Number(this.#statsAtNs / NS_PER_S);
  }

  /** Seconds between two questions for statistics; 0 while there are none. */
  get pollIntervalS(): number {
    return this.#pollS;
  }

  /**
   * Asks the guest to do with that much memory; it may take its time, and need not obey.
   *
   * @param bytes what is beyond all of the guest's memory counts as that
   */
  setTarget(bytes: number): void {
    const kept = Math.min(Math.max(bytes, 0), this.#ramPages * BALLOON_PAGE_BYTES);
    const pages = Math.floor(this.#ramPages - kept / BALLOON_PAGE_BYTES);
    if (pages === this.#word(BalloonConfig.numPages)) return;
    viewOf(this.#config).setUint32(BalloonConfig.numPages, pages, true);
    this.#context?.configChanged();
  }

  /** @param seconds between two questions for statistics, the first at once; 0 asks no more */
  setPollInterval(seconds: number): void {
    if (seconds === this.#pollS) return;
    const wasPolling = this.#pollS > 0;
    this.#pollS = seconds;
    this.#cancelPoll();
    if (seconds > 0) this.#pollIn(wasPolling ? seconds : 0);
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  /** The driver's are `actual` and `poison_val` (§5.5.4). */
  writeConfig(offset: number, size: AccessSize, value: number): void {
    const field = offset - (offset % 4);
    if (field !== BalloonConfig.actual && field !== BalloonConfig.poisonVal) return;
    const before = this.actualBytes;
    for (let i = 0; i < size; i++) this.#config[offset + i] = (value >>> (8 * i)) & 0xff;
    this.#tellChange(before);
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    for (const queue of Object.values(BalloonQueue)) this.notify(queue);
  }

  /** The guest that comes has all of its memory, until its driver hears of the target. */
  deactivate(): void {
    const before = this.actualBytes;
    this.#context = null;
    this.#stats = {};
    this.#statsAtNs = 0n;
    this.#config.fill(0, BalloonConfig.actual);
    this.#tellChange(before);
  }

  stopQueue(): void {}

  notify(index: number): void {
    const queue = this.#context?.queue(index);
    if (!queue) return;
    if (index === BalloonQueue.stats) return this.#takeStats();
    for (let served = 0; served < BURST_CHAINS; served++) {
      const chain = queue.pop();
      if (!chain) return;
      this.#checkPages(chain);
      queue.push(chain, 0);
    }
    this.#context?.again(index);
  }

  /** Nothing is done to the pages; a driver that names others than the guest's is to hear of it. */
  #checkPages({ readable }: Chain): void {
    const bytes = totalBytes(readable);
    if (bytes % PFN_BYTES !== 0) this.#misuse("a request ends within a page's number");
    if (bytes > this.#ramPages * PFN_BYTES) return this.#misuse("more pages than the guest has");
    const pages = gather(readable);
    const view = viewOf(pages);
    for (let at = 0; at + PFN_BYTES <= pages.length; at += PFN_BYTES) {
      const gpa = view.getUint32(at, true) * BALLOON_PAGE_BYTES;
      if (this.#ports.memory.readU32(gpa) !== null) continue;
      return this.#misuse(`the page at 0x${gpa.toString(16)} is no memory`);
    }
  }

  /**
   * The driver's one buffer waits in the ring until statistics are asked for again (§5.5.6.3), so that
   * nothing of it is lost in a snapshot. Earlier ones, which there should not be, are returned.
   */
  #takeStats(): void {
    const queue = this.#context?.queue(BalloonQueue.stats);
    if (!queue) return;
    let last = queue.pop();
    for (let served = 0; last; served++) {
      // This asks for a notification of the next one, too.
      const next = served < queue.size ? queue.pop() : null;
      if (!next) break;
      queue.push(last, 0);
      last = next;
    }
    if (!last) return;
    queue.unpop(last);
    this.#stats = parseStats(gather(last.readable, MAX_STATS_BYTES));
    this.#statsAtNs = this.#ports.clock.realtimeNs();
  }

  #pollIn(seconds: number): void {
    const { clock } = this.#ports;
    const atNs = clock.monotonicNs() + BigInt(seconds) * NS_PER_S;
    this.#cancelPoll = clock.at(atNs, () => {
      const queue = this.#context?.queue(BalloonQueue.stats);
      const chain = queue?.pop();
      if (queue && chain) queue.push(chain, 0);
      this.#pollIn(this.#pollS);
    });
  }

  #tellChange(before: number): void {
    const now = this.actualBytes;
    if (now !== before) this.#ports.changed?.(now);
  }

  #word(field: number): number {
    return viewOf(this.#config).getUint32(field, true);
  }

  #misuse(message: string): void {
    this.#ports.trace.guestError(this.name, message);
  }
}
