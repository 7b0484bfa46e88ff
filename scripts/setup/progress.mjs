const TICK_MS = 1000;
/** Where output is no terminal, a long step says so this often. */
const QUIET_TICK_MS = 30_000;

/** @param {number} start */
const secondsSince = (start) => ((performance.now() - start) / 1000).toFixed(1);

/**
 * Shows that a step runs, for how long, and its last note.
 *
 * @template T
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<T>} work
 * @param {(result: T) => boolean} [isGood] false for a result that is a failure
 * @returns {Promise<T>}
 */
export async function step(title, work, isGood = () => true) {
  const start = performance.now();
  const live = process.stdout.isTTY;
  let note = "";
  const show = () => {
    const line = `  ${title} … ${secondsSince(start)} s${note === "" ? "" : `  ${note}`}`;
    const width = (process.stdout.columns || 80) - 1;
    process.stdout.write(live ? `\r\u001b[K${line.slice(0, width)}` : `${line}\n`);
  };
  const ticker = setInterval(show, live ? TICK_MS : QUIET_TICK_MS);
  if (live) show();
  try {
    const result = await work((text) => (note = text));
    finish(`${isGood(result) ? "✓" : "✗"} ${title} (${secondsSince(start)} s)`);
    return result;
  } catch (error) {
    finish(`✗ ${title} (${secondsSince(start)} s)`);
    throw error;
  } finally {
    clearInterval(ticker);
  }

  /** @param {string} line */
  function finish(line) {
    process.stdout.write(live ? `\r\u001b[K${line}\n` : `${line}\n`);
  }
}
