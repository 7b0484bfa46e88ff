/**
 * No wake-up is lost: a driver that sleeps between interrupts, as Linux's does, against an image that is
 * late as often as not. Whatever the order of things, every request ends.
 */
import { expect, it } from "vitest";
import { RecordingTrace } from "../../testing/doubles.ts";
import { MemoryDisk } from "../../testing/memory-disk.ts";
import { MockSplitRing, type MockRing } from "../../testing/mock-ring.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { Xorshift } from "../../../util/xorshift.ts";
import { Feature } from "../features.ts";
import { BlkType } from "./regs.ts";
import { VirtioBlk } from "./virtio-blk.ts";

const RING = 16;
/** Fewer than the ring has, for ids are used anew in their order. */
const MOST_AT_ONCE = 10;
const STEPS = 4000;

/** Reads end at once, or when they are let. While one goes on, the driver's processor runs, too. */
class LateDisk extends MemoryDisk {
  readonly late: (() => void)[] = [];
  readonly #random: Xorshift;
  meanwhile = (): void => {};

  constructor(random: Xorshift) {
    super(1 << 16);
    this.#random = random;
  }

  override read(offset: number, segments: readonly Uint8Array[]): void | Promise<void> {
    this.meanwhile();
    if (this.#random.below(2) === 0) return super.read(offset, segments);
    return new Promise((resolve) => this.late.push(resolve));
  }
}

/** The driver's part of a queue, in steps between which anything may happen. */
class SleepyDriver {
  submitted = 0;
  ended = 0;
  /** The device was notified. */
  rang = false;
  readonly #ring: MockRing;
  readonly #acknowledge: () => boolean;
  readonly #events: MockSplitRing | null;
  #state: "asleep" | "awake" | "sleepy" = "asleep";

  /** @param acknowledge takes an interrupt, if there is one */
  constructor(ring: MockRing, eventIdx: boolean, acknowledge: () => boolean) {
    this.#ring = ring;
    this.#acknowledge = acknowledge;
    this.#events = eventIdx && ring instanceof MockSplitRing ? ring : null;
  }

  get isIdle(): boolean {
    return this.#state === "asleep";
  }

  submit(): void {
    if (this.submitted - this.ended >= MOST_AT_ONCE) return;
    const header = new Uint8Array(16);
    new DataView(header.buffer).setUint32(0, BlkType.in, true);
    this.#ring.add([header, 512, 1], true);
    const before = this.submitted++;
    // §2.7.10.2: the device has named the entry that it wants to hear of.
    const wanted = this.#events?.availEvent ?? before;
    this.rang ||= wanted === (before & 0xffff);
  }

  step(): void {
    if (this.#state === "asleep") {
      if (!this.#acknowledge()) return;
      this.#sleep(false);
      this.#state = "awake";
    } else if (this.#state === "awake") {
      this.ended += this.#ring.poll().length;
      this.#state = "sleepy";
    } else {
      this.#sleep(true);
      const more = this.#ring.poll().length;
      this.ended += more;
      this.#state = more > 0 ? "awake" : "asleep";
    }
  }

  #sleep(wantsInterrupt: boolean): void {
    if (this.#events) this.#events.setUsedEvent(wantsInterrupt ? this.ended : this.ended - 1);
    else this.#ring.enableInterrupts(wantsInterrupt);
  }
}

function bench(seed: number, features: bigint) {
  const random = new Xorshift(seed);
  const disk = new LateDisk(random);
  const device = new VirtioBlk({ backend: disk, trace: new RecordingTrace() });
  const packed = (features & Feature.ringPacked) !== 0n;
  const parts = virtioBench(device, { packed, ramBytes: 1 << 22 });
  parts.driver.start(1, RING, features);
  const eventIdx = (features & Feature.eventIdx) !== 0n;
  const driver = new SleepyDriver(
    parts.driver.rings[0] as MockRing,
    eventIdx,
    () => parts.interrupt.acknowledge() !== 0,
  );
  disk.meanwhile = () => {
    for (let i = random.below(4); i > 0; i--) driver.step();
    if (random.below(4) === 0) driver.submit();
  };
  const serve = (): void => {
    if (!driver.rang) return;
    driver.rang = false;
    parts.slot.notify(0);
  };
  const endOne = (): void => {
    const [resolve] = disk.late.splice(random.below(Math.max(1, disk.late.length)), 1);
    resolve?.();
  };
  const parted = [() => driver.submit(), () => driver.step(), serve, endOne, parts.runDeferred];
  return { random, disk, driver, parted, runDeferred: parts.runDeferred, serve };
}

it.each([
  ["split", 0n],
  ["split, with event index", Feature.eventIdx | Feature.indirectDesc],
  ["packed", Feature.ringPacked | Feature.indirectDesc],
])("ends every request of a driver that sleeps (%s)", async (_, features) => {
  for (let seed = 1; seed <= 4; seed++) {
    const all = bench(seed, features | Feature.indirectDesc);
    const { driver, disk, random } = all;
    for (let i = 0; i < STEPS; i++) {
      random.pick(all.parted)();
      await Promise.resolve();
    }
    disk.meanwhile = () => {};
    for (let i = 0; i < 20 * RING; i++) {
      all.serve();
      all.runDeferred();
      disk.late.shift()?.();
      await new Promise(setImmediate);
      for (let steps = 0; steps < 3 || !driver.isIdle; steps++) driver.step();
    }
    expect(driver.submitted).toBeGreaterThan(STEPS / 20);
    expect([seed, driver.ended]).toEqual([seed, driver.submitted]);
  }
});
