/** `virt-top`: what domains use, again and again. */
import type { Connect } from "../../virt/driver/connect.ts";
import { type Session, initFilePath, obey } from "./commands.ts";
import { CpuHistory, mainLines } from "./display.ts";
import type { TextFile, TopHost } from "./host.ts";
import { readInitFile } from "./init-file.ts";
import { Keyboard } from "./keyboard.ts";
import { UsageError, parseOptions, usage } from "./options.ts";
import { type Setup, csvHeader, csvText, streamText } from "./reports.ts";
import { type Sample, takeSample } from "./sample.ts";
import { Screen } from "./screen.ts";
import { type Settings, TopError, defaultSettings } from "./settings.ts";
import { type Usage, usageBetween } from "./usage.ts";

/** The release whose manual page this follows. */
const VERSION = "1.1.1";

/** @returns the exit status */
export async function virtTop(args: readonly string[], host: TopHost): Promise<number> {
  try {
    const settings = defaultSettings();
    const asked = parseOptions(args, settings, host.nowMs());
    if (asked !== undefined) {
      host.out(asked === "help" ? usage() : `virt-top ${VERSION}\n`);
      return 0;
    }
    await withInitFile(args, settings, host);
    await watch(settings, host);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    host.err(`virt-top: ${error.message}\n${error instanceof UsageError ? usage() : ""}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Options count more than the file. */
async function withInitFile(
  args: readonly string[],
  settings: Settings,
  host: TopHost,
): Promise<void> {
  const path = initFilePath(settings, host);
  const text = path === undefined ? undefined : await host.readText(path);
  if (path === undefined || text === undefined) return;
  for (const warning of readInitFile(path, text, settings, host.nowMs())) host.err(`${warning}\n`);
  parseOptions(args, settings, host.nowMs());
}

async function watch(settings: Settings, host: TopHost): Promise<void> {
  const hasScreen = !settings.isScript && !settings.isStream;
  const terminal = hasScreen ? host.terminal() : undefined;
  if (hasScreen && !terminal) {
    throw new TopError("the output is no terminal: --stream prints lines, --script nothing");
  }
  const connect = await host.connect(settings.uri);
  const files: TextFile[] = [];
  try {
    const setup = { node: await connect.nodeGetInfo(), hostname: await hostnameOf(connect) };
    const csv =
      settings.csvFile === undefined ? undefined : await host.createText(settings.csvFile);
    if (csv) files.push(csv);
    await csv?.write(csvHeader(settings));
    const keyboard = new Keyboard(host.after, settings.isBatch ? undefined : terminal);
    const screen = terminal && new Screen(host.out, terminal);
    try {
      const report = async (used: Usage): Promise<void> => {
        await csv?.write(csvText(used, setup, settings));
        if (settings.isStream) host.out(streamText(used, setup, settings.blocksInBytes));
      };
      await repeat({ settings, host, connect, setup, keyboard, screen, report });
    } finally {
      screen?.leave();
      keyboard.close();
    }
  } catch (error) {
    await noteError(settings, host, error);
    throw error;
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await connect.close();
  }
}

async function noteError({ debugFile }: Settings, host: TopHost, error: unknown): Promise<void> {
  if (debugFile === undefined) return;
  const file = await host.createText(debugFile);
  await file.write(`${error instanceof Error ? error.message : String(error)}\n`);
  await file.close();
}

function hostnameOf(connect: Connect): Promise<string> {
  return connect.connectGetHostname().catch(() => "unknown");
}

interface Watching {
  readonly settings: Settings;
  readonly host: TopHost;
  readonly connect: Connect;
  readonly setup: Setup;
  readonly keyboard: Keyboard;
  readonly screen: Screen | undefined;
  report(usage: Usage): Promise<void>;
}

/** Until the user, the time or the number of updates ends it. */
async function repeat(watching: Watching): Promise<void> {
  const { settings, host, connect, setup, keyboard, screen, report } = watching;
  const history = new CpuHistory();
  const session: Session = {
    ...{ host, settings, screen, keyboard, uri: connect.uri, lines: [], message: "" },
    hasEnded: false,
  };
  void host.interruption().then(() => {
    session.hasEnded = true;
    keyboard.wake();
  });
  let before: Sample | undefined;
  for (let left = settings.iterations; left !== 0 && !session.hasEnded; left -= 1) {
    const withVcpus = screen !== undefined && settings.display === "pcpu";
    // eslint-disable-next-line no-await-in-loop -- one update after the other
    const now = await takeSample(connect, host.nowMs(), { withVcpus });
    const used = usageBetween(before, now, setup.node);
    before = now;
    history.note(used, settings.historySeconds);
    session.lines = mainLines(used, setup, settings, history, session.message);
    screen?.draw(session.lines);
    // eslint-disable-next-line no-await-in-loop -- one update after the other
    await report(used);
    const waitMs = Math.min(settings.delayMs, (settings.endMs ?? Infinity) - now.timeMs);
    const isLast = left === 1 || waitMs < settings.delayMs;
    if (left === 1 && settings.endMs === undefined && !screen) return;
    // eslint-disable-next-line no-await-in-loop -- time passes
    const key = await keyboard.next(Math.max(waitMs, 0));
    // eslint-disable-next-line no-await-in-loop -- the key may ask for more
    if (key !== undefined) await obey(session, key);
    if (isLast) return;
  }
}
