/** Least time from one message to the next: QEMU's monitor holds back BALLOON_CHANGE as long. */
const QUIET_MS = 1000;

/** Tells of the balloon's size: a change at once, then at most once a second and the last one of all. */
export class BalloonNews {
  readonly #tell: (actualBytes: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: number | undefined;

  constructor(tell: (actualBytes: number) => void) {
    this.#tell = tell;
  }

  changed(actualBytes: number): void {
    if (this.#timer !== undefined) this.#waiting = actualBytes;
    else this.#now(actualBytes);
  }

  /** Nothing more is told. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  #now(actualBytes: number): void {
    this.#waiting = undefined;
    this.#tell(actualBytes);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting !== undefined) this.#now(this.#waiting);
    }, QUIET_MS);
  }
}
