/** One visit to the page, timed in the page itself. */
import type { BrowserContext } from "@playwright/test";

const LIMIT_MS = 60_000;
/** What comes late, such as the first figures of machines, is to be seen too. */
const SETTLE_MS = 2500;

/** Where a layout shift came from. */
export interface Shift {
  readonly score: number;
  /** What moved, as selectors. */
  readonly moved: readonly string[];
}

export interface Visit {
  /** Milliseconds from the navigation's start. */
  readonly firstPaintMs: number;
  /** Milliseconds until the first machine's link can be clicked, and a click would be heard. */
  readonly interactiveMs: number;
  /** What tasks took beyond 50 ms each, in milliseconds. */
  readonly blockingMs: number;
  readonly shifts: readonly Shift[];
  /** Addresses of scripts and styles by who asked for them: the page, and its workers. */
  readonly loaded: { readonly page: readonly string[]; readonly workers: readonly string[] };
}

type Seen = Omit<Visit, "firstPaintMs" | "loaded"> & { firstPaintMs: number };

interface Scope {
  benchVisit: { -readonly [Key in keyof Seen]: Seen[Key] };
}

/** TypeScript's DOM knows no layout shifts yet. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** In the page, before its own scripts. */
function watch(): void {
  const seen: Scope["benchVisit"] = {
    firstPaintMs: NaN,
    interactiveMs: NaN,
    blockingMs: 0,
    shifts: [],
  };
  (globalThis as unknown as Scope).benchVisit = seen;
  const each = (type: string, take: (entry: PerformanceEntry) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  };
  const nameOf = (node: Node | null): string => {
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return "(removed)";
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    return `${element.localName}${element.id && `#${element.id}`}${classes}`;
  };
  each("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") seen.firstPaintMs = startTime;
  });
  each("longtask", ({ duration }) => (seen.blockingMs += duration - 50));
  each("layout-shift", (entry) => {
    const { value, hadRecentInput, sources } = entry as LayoutShift;
    if (hadRecentInput) return;
    const shift = { score: value, moved: sources.map(({ node }) => nameOf(node)) };
    seen.shifts = [...seen.shifts, shift];
  });
  const look = (): void => {
    const link = document.querySelector("main a[href^='#/vms/']");
    const box = link?.getBoundingClientRect();
    const x = (box?.left ?? 0) + (box?.width ?? 0) / 2;
    const y = (box?.top ?? 0) + (box?.height ?? 0) / 2;
    if (!link?.contains(document.elementFromPoint(x, y))) {
      requestAnimationFrame(look);
      return;
    }
    // A task of its own, as a click is.
    setTimeout(() => (seen.interactiveMs = performance.now()));
  };
  requestAnimationFrame(look);
}

/** In the page or in a worker. */
function scriptsAndStyles(): string[] {
  return performance
    .getEntriesByType("resource")
    .map(({ name }) => name.replace(/[?#].*/, ""))
    .filter((name) => /\.(js|css)$/.test(name));
}

/**
 * Opens the page in a new tab, lets it settle, and closes it.
 *
 * @throws Error when there is no machine to click
 */
export async function visit(context: BrowserContext, address: string): Promise<Visit> {
  const page = await context.newPage();
  try {
    await page.addInitScript(watch);
    await page.goto(address);
    await page.waitForFunction(
      () => !Number.isNaN((globalThis as unknown as Scope).benchVisit.interactiveMs),
      null,
      { timeout: LIMIT_MS },
    );
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(SETTLE_MS);
    const seen = await page.evaluate(() => (globalThis as unknown as Scope).benchVisit);
    const asked = await page.evaluate(scriptsAndStyles);
    const own = page.workers().map((worker) => worker.url());
    const theirs = await Promise.all(page.workers().map((one) => one.evaluate(scriptsAndStyles)));
    const workers = new Set([...own, ...theirs.flat()]);
    return {
      ...seen,
      loaded: { page: asked.filter((name) => !workers.has(name)), workers: [...workers] },
    };
  } finally {
    await page.close();
  }
}
