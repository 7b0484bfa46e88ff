/** The SCSI host device (virtio 1.3 §5.6): a controller with targets, and units behind them. */
import { recordSection, type AccessSize } from "../../device-model.ts";
import { scatter, totalBytes } from "../../buffers.ts";
import { ScsiStatus, senseBytes, type Sense } from "../../scsi/codes.ts";
import type { ScsiResult, ScsiUnit } from "../../scsi/scsi-unit.ts";
import { ScsiTarget } from "../../scsi/scsi-target.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { Chain } from "../queue/chain.ts";
import type { Queue } from "../queue/queue.ts";
import { readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import { ScsiEvents } from "./events.ts";
import {
  lunBytes,
  parseCommand,
  parseControl,
  type CommandRequest,
  type ControlRequest,
  type UnitAddress,
} from "./request.ts";
import {
  DEFAULT_CDB_BYTES,
  DEFAULT_SENSE_BYTES,
  Event,
  MAX_LUN,
  MAX_TARGET,
  ResetReason,
  Response,
  RESPONSE_BYTES,
  ScsiConfig,
  ScsiFeature,
  ScsiQueue,
  Tmf,
} from "./regs.ts";

const QUEUE_SIZE = 256;
/** Commands served at one notification: each may be a megabyte of synchronous input or output. */
const BURST_COMMANDS = 64;
const MOST_CDB_BYTES = 256;
const MOST_SENSE_BYTES = 0x1_0000;

/** A command whose end is not known yet. */
interface Started {
  readonly index: number;
  readonly queue: Queue;
  readonly chain: Chain;
  readonly request: CommandRequest;
}

export class VirtioScsi implements VirtioDevice {
  readonly name = "virtio-scsi";
  readonly deviceId = 8;
  readonly queueSizes: readonly number[];
  readonly features = ScsiFeature.hotplug | ScsiFeature.change;
  readonly configBytes = ScsiConfig.bytes;
  readonly snapshot;
  readonly #targets = new Map<number, ScsiTarget>();
  readonly #config = new Uint8Array(ScsiConfig.bytes);
  readonly #events = new ScsiEvents(() => this.#context?.queue(ScsiQueue.event) ?? null);
  readonly #started = new Set<Started>();
  /** Task management that waits for commands to end. */
  #waiting: { readonly on: ReadonlySet<Started>; readonly end: () => void }[] = [];
  #context: VirtioContext | null = null;

  /** @param queues request queues, 1 to 62 */
  constructor({ queues = 1 }: { readonly queues?: number } = {}) {
    this.queueSizes = Array.from({ length: queues + ScsiQueue.request }, () => QUEUE_SIZE);
    this.#fillConfig(queues);
    this.snapshot = recordSection(
      this.name,
      1,
      () => ({ config: this.#config.slice() }),
      ({ config }) => this.#config.set(config.subarray(0, ScsiConfig.bytes)),
    );
  }

  /** Commands of a driver that has reset the device since may still write into memory. */
  get isBusy(): boolean {
    return this.#started.size > 0;
  }

  /** Plugs a unit in; a running driver is told to look. */
  plug(address: UnitAddress, unit: ScsiUnit): void {
    const target = this.#targets.get(address.target) ?? new ScsiTarget();
    this.#targets.set(address.target, target);
    target.units.set(address.lun, unit);
    unit.onChange = (sense) => this.#changed(address, sense);
    this.#tell(Event.transportReset, address, ResetReason.rescan, ScsiFeature.hotplug);
  }

  /** Takes a unit out; its commands end as they would. @returns false when there is none */
  unplug(address: UnitAddress): boolean {
    const target = this.#targets.get(address.target);
    const unit = target?.units.get(address.lun);
    if (!target || !unit) return false;
    unit.onChange = () => {};
    target.units.delete(address.lun);
    if (target.units.size === 0) this.#targets.delete(address.target);
    this.#tell(Event.transportReset, address, ResetReason.removed, ScsiFeature.hotplug);
    return true;
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  /** The driver may choose the lengths of sense data and CDBs (§5.6.4). */
  writeConfig(offset: number, size: AccessSize, value: number): void {
    const most = offset === ScsiConfig.senseSize ? MOST_SENSE_BYTES : MOST_CDB_BYTES;
    const isOurs = offset === ScsiConfig.senseSize || offset === ScsiConfig.cdbSize;
    if (isOurs && size === 4 && value > 0 && value < most) {
      viewOf(this.#config).setUint32(offset, value, true);
    }
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.queueSizes.forEach((_, index) => this.notify(index));
  }

  /** Device reset: the units are reset, too, as by a bus reset. */
  deactivate(): void {
    if (this.#context) for (const unit of this.#units()) unit.reset();
    this.#context = null;
    this.#waiting = [];
    this.#events.reset();
    this.#fillConfig(this.queueSizes.length - ScsiQueue.request);
  }

  /** Commands under way are not returned: their queue is another object afterwards. */
  stopQueue(): void {}

  notify(index: number): void {
    if (index === ScsiQueue.event) return this.#events.flush();
    for (let served = 0; served < BURST_COMMANDS; served++) {
      const queue = this.#context?.queue(index);
      const chain = queue?.pop();
      if (!queue || !chain) return;
      const isSound =
        index === ScsiQueue.control
          ? this.#control(queue, chain)
          : this.#command(index, queue, chain);
      if (!isSound) return this.#context?.needsReset("a request without header or response");
    }
    this.#context?.again(index);
  }

  #command(index: number, queue: Queue, chain: Chain): boolean {
    const view = viewOf(this.#config);
    const sense = view.getUint32(ScsiConfig.senseSize, true);
    const request = parseCommand(chain, view.getUint32(ScsiConfig.cdbSize, true), sense);
    if (!request) return false;
    const started = { index, queue, chain, request };
    const { address, dataIn, dataOut } = request;
    const target = address && this.#targets.get(address.target);
    if (!target || !address) this.#respond(started, Response.badTarget, null);
    // Both ways at once was not negotiated (VIRTIO_SCSI_F_INOUT).
    else if (totalBytes(dataIn) > 0 && totalBytes(dataOut) > 0) {
      this.#respond(started, Response.failure, null);
    } else {
      this.#started.add(started);
      target.execute(address.lun, request, (result) => this.#ended(started, result));
    }
    return true;
  }

  #ended(started: Started, result: ScsiResult): void {
    this.#started.delete(started);
    this.#respond(started, Response.ok, result);
    this.#endWaiting();
  }

  /** struct virtio_scsi_req_cmd's device-writable part (§5.6.6.1). */
  #respond({ index, queue, chain, request }: Started, code: number, result: ScsiResult | null) {
    // The driver may have taken the queue away meanwhile, and its memory with it.
    if (this.#context?.queue(index) !== queue) return;
    const sense = result?.kind === "check" ? senseBytes(result.sense) : new Uint8Array(0);
    const bytes = new Uint8Array(totalBytes(request.response));
    const view = viewOf(bytes);
    const done = result?.kind === "good" ? result.bytes : 0;
    const wanted = totalBytes(request.dataIn) + totalBytes(request.dataOut);
    const kept = sense.subarray(0, bytes.length - RESPONSE_BYTES);
    view.setUint32(0, kept.length, true);
    view.setUint32(4, result ? wanted - Math.min(done, wanted) : 0, true);
    view.setUint8(10, result?.kind === "check" ? ScsiStatus.checkCondition : ScsiStatus.good);
    view.setUint8(11, code);
    bytes.set(kept, RESPONSE_BYTES);
    scatter(request.response, bytes);
    const read = totalBytes(request.dataIn) > 0 ? done : 0;
    queue.push(chain, bytes.length + read);
  }

  #control(queue: Queue, chain: Chain): boolean {
    const request = parseControl(chain);
    if (!request) return false;
    const respond = (bytes: readonly number[]): void => {
      if (this.#context?.queue(ScsiQueue.control) !== queue) return;
      queue.push(chain, scatter(chain.writable, Uint8Array.from(bytes)));
    };
    if (request.kind === "tmf") this.#tmf(request, (code) => respond([code]));
    // No asynchronous notifications: none of those asked for is there.
    else if (request.kind === "notification") respond([0, 0, 0, 0, Response.ok]);
    else respond([Response.failure]);
    return true;
  }

  /** Task management (§5.6.6.2): commands that are to be aborted end first, as they would. */
  #tmf(request: Extract<ControlRequest, { kind: "tmf" }>, respond: (code: number) => void): void {
    const { address, subtype, tag } = request;
    const target = address && this.#targets.get(address.target);
    if (!target || !address) return respond(Response.badTarget);
    const unit = target.units.get(address.lun);
    if (!unit && subtype !== Tmf.nexusReset) return respond(Response.incorrectLun);
    const isOfUnit = ({ request: other }: Started): boolean =>
      other.address?.target === address.target && other.address.lun === address.lun;
    const tagged = [...this.#started].filter((one) => isOfUnit(one) && one.request.tag === tag);
    switch (subtype) {
      case Tmf.abortTask:
        return this.#after(tagged, () => respond(Response.ok));
      case Tmf.abortTaskSet:
      case Tmf.clearTaskSet:
        return this.#after([...this.#started].filter(isOfUnit), () => respond(Response.ok));
      case Tmf.unitReset:
        return this.#after([...this.#started].filter(isOfUnit), () => {
          unit?.reset();
          respond(Response.ok);
        });
      case Tmf.nexusReset:
        return this.#after(
          [...this.#started].filter(
            ({ request: other }) => other.address?.target === address.target,
          ),
          () => {
            for (const each of target.units.values()) each.reset();
            respond(Response.ok);
          },
        );
      case Tmf.queryTask:
        return respond(tagged.length > 0 ? Response.functionSucceeded : Response.ok);
      case Tmf.queryTaskSet:
        return respond(
          [...this.#started].some(isOfUnit) ? Response.functionSucceeded : Response.ok,
        );
      default:
        return respond(Response.functionRejected);
    }
  }

  #after(commands: readonly Started[], end: () => void): void {
    this.#waiting.push({ on: new Set(commands), end });
    this.#endWaiting();
  }

  #endWaiting(): void {
    const isOver = ({ on }: { readonly on: ReadonlySet<Started> }): boolean =>
      [...on].every((started) => !this.#started.has(started));
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((one) => !over.includes(one));
    for (const { end } of over) end();
  }

  #changed(address: UnitAddress, { asc, ascq }: Sense): void {
    this.#tell(Event.paramChange, address, asc | (ascq << 8), ScsiFeature.change);
  }

  #tell(event: number, address: UnitAddress, reason: number, feature: bigint): void {
    if (((this.#context?.features ?? 0n) & feature) === 0n) return;
    this.#events.send({ event, lun: lunBytes(address), reason });
  }

  #units(): ScsiUnit[] {
    return [...this.#targets.values()].flatMap(({ units }) => [...units.values()]);
  }

  #fillConfig(queues: number): void {
    const view = viewOf(this.#config);
    view.setUint32(ScsiConfig.numQueues, queues, true);
    view.setUint32(ScsiConfig.segMax, QUEUE_SIZE - 2, true);
    view.setUint32(ScsiConfig.maxSectors, 0xffff, true);
    view.setUint32(ScsiConfig.cmdPerLun, 128, true);
    view.setUint32(ScsiConfig.eventInfoSize, 16, true);
    view.setUint32(ScsiConfig.senseSize, DEFAULT_SENSE_BYTES, true);
    view.setUint32(ScsiConfig.cdbSize, DEFAULT_CDB_BYTES, true);
    view.setUint16(ScsiConfig.maxChannel, 0, true);
    view.setUint16(ScsiConfig.maxTarget, MAX_TARGET, true);
    view.setUint32(ScsiConfig.maxLun, MAX_LUN, true);
  }
}
