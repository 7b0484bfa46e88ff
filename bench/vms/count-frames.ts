/** How evenly a page draws. */

export interface FrameCount {
  readonly perSecond: number;
  /** Milliseconds between frames: median, 95th and 99th percentile, most. */
  readonly gaps: readonly number[];
  /** Tasks of more than 50 ms on the page's thread: how many, and the longest. */
  readonly longTasks: number;
  readonly longestMs: number;
}

/** In the page, with nothing from around it: counts frames for so many milliseconds. */
export async function countFrames(ms: number): Promise<FrameCount> {
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: "longtask" });
  const gaps: number[] = [];
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const began = await frame();
  let last = began;
  while (last - began < ms) {
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  observer.disconnect();
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return {
    perSecond: (1000 * gaps.length) / (last - began),
    gaps: [at(0.5), at(0.95), at(0.99), at(1)],
    longTasks: tasks.length,
    longestMs: Math.max(0, ...tasks),
  };
}
