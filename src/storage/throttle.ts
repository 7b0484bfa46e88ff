import type { ThrottleLimits } from "../util/throttle-limits.ts";
import type { Eventually } from "./task.ts";

export interface ThrottleClock {
  /** Milliseconds with fractions. */
  nowMs(): number;
  after(ms: number): Promise<void>;
}

type Direction = "Read" | "Write";

/** Without bursts, a bucket holds what may be done in this part of a second. */
const QUIET_SHARE = 0.1;

/** Runs empty at its rate; who finds it overfull waits until it is not. */
class Bucket {
  readonly #rate: number;
  readonly #burst: number;
  readonly #burstSeconds: number;
  #level = 0;
  /** What flowed above the burst rate. */
  #burstLevel = 0;

  constructor(rate: number, burst: number, burstSeconds: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#burstSeconds = burstSeconds;
  }

  leak(seconds: number): void {
    this.#level = Math.max(0, this.#level - this.#rate * seconds);
    this.#burstLevel = Math.max(0, this.#burstLevel - this.#burst * seconds);
  }

  fill(amount: number): void {
    if (this.#rate === 0) return;
    this.#level += amount;
    if (this.#burstSeconds > 1) this.#burstLevel += amount;
  }

  /** Seconds until there is room. */
  get wait(): number {
    if (this.#rate === 0) return 0;
    const size = this.#burst === 0 ? this.#rate * QUIET_SHARE : this.#burst * this.#burstSeconds;
    const long = (this.#level - size) / this.#rate;
    const short =
      this.#burst === 0 ? 0 : (this.#burstLevel - this.#burst * QUIET_SHARE) / this.#burst;
    return Math.max(0, long, short);
  }
}

/** Keeps the requests of one drive, or of a group of drives, within limits: the first come first. */
export class Throttle {
  readonly #clock: ThrottleClock;
  #iopsSize = 0;
  #buckets!: Readonly<Record<`${"bps" | "iops"}${"Total" | Direction}`, Bucket>>;
  #leakedMs: number;
  /** The last one to wait, in each direction. */
  readonly #last: Record<Direction, Promise<void> | undefined> = {
    Read: undefined,
    Write: undefined,
  };
  #lifted: { readonly promise: Promise<void>; readonly resolve: () => void } = signal();
  #isLifted = false;

  constructor(limits: ThrottleLimits, clock: ThrottleClock) {
    this.#clock = clock;
    this.#leakedMs = clock.nowMs();
    this.limits = limits;
  }

  /** From now on; what waits is judged by them. */
  set limits(limits: ThrottleLimits) {
    const bucket = (name: `${"bps" | "iops"}${"Total" | Direction}`): Bucket =>
      new Bucket(limits[name] ?? 0, limits[`${name}Max`] ?? 0, limits[`${name}MaxLength`] ?? 1);
    this.#iopsSize = limits.iopsSize ?? 0;
    this.#buckets = {
      bpsTotal: bucket("bpsTotal"),
      bpsRead: bucket("bpsRead"),
      bpsWrite: bucket("bpsWrite"),
      iopsTotal: bucket("iopsTotal"),
      iopsRead: bucket("iopsRead"),
      iopsWrite: bucket("iopsWrite"),
    };
  }

  /** Lets a request pass: at once, or when its turn has come. */
  take(isWrite: boolean, bytes: number): Eventually<void> {
    const direction = isWrite ? "Write" : "Read";
    const before = this.#last[direction];
    if (before === undefined && this.#waitMs(direction) <= 0) return this.#pass(direction, bytes);
    const turn = this.#wait(before, direction, bytes);
    this.#last[direction] = turn;
    void turn.then(() => {
      if (this.#last[direction] === turn) this.#last[direction] = undefined;
    });
    return turn;
  }

  /** Lets everything pass, while whoever waits for requests to end must not wait for long. */
  lift(): void {
    this.#isLifted = true;
    this.#lifted.resolve();
  }

  restore(): void {
    this.#isLifted = false;
    this.#lifted = signal();
  }

  async #wait(
    before: Promise<void> | undefined,
    direction: Direction,
    bytes: number,
  ): Promise<void> {
    await before;
    for (let ms = this.#waitMs(direction); ms > 0; ms = this.#waitMs(direction)) {
      await Promise.race([this.#clock.after(ms), this.#lifted.promise]);
    }
    this.#pass(direction, bytes);
  }

  #of(direction: Direction): readonly Bucket[] {
    const all = this.#buckets;
    return [all.bpsTotal, all[`bps${direction}`], all.iopsTotal, all[`iops${direction}`]];
  }

  #waitMs(direction: Direction): number {
    if (this.#isLifted) return 0;
    const now = this.#clock.nowMs();
    for (const bucket of Object.values(this.#buckets)) bucket.leak((now - this.#leakedMs) / 1000);
    this.#leakedMs = now;
    return 1000 * Math.max(...this.#of(direction).map(({ wait }) => wait));
  }

  #pass(direction: Direction, bytes: number): void {
    const requests = this.#iopsSize === 0 ? 1 : Math.max(1, bytes / this.#iopsSize);
    const [bpsTotal, bps, iopsTotal, iops] = this.#of(direction);
    bpsTotal?.fill(bytes);
    bps?.fill(bytes);
    iopsTotal?.fill(requests);
    iops?.fill(requests);
  }
}

function signal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
