/** Starts Debian's or Mozilla's own Firefox, which Playwright's Firefox protocol cannot drive. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { vmError } from "../../../protocol/vm-error.ts";
import type { Browser, BrowserPage } from "../browser-launch.ts";
import { BidiPage } from "./bidi-page.ts";
import { BidiSession } from "./bidi-session.ts";

/** A first start on a busy machine. */
const START_MS = 60_000;

const LISTENING = /^WebDriver BiDi listening on (ws:\/\/\S+)/;

/** A fresh profile that keeps to itself: no updates, reports, suggestions or captive portal tests. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.newtabpage.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.downloads.remote.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.page": 0,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.prefetch-next": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "",
  // A machine of many gigabytes in a tab is what the tab is for.
  "browser.tabs.unloadOnLowMemory": false,
  "dom.ipc.processPrelaunch.enabled": false,
};

/**
 * Starts a headless Firefox with a fresh profile, which is removed on `close`.
 *
 * @throws VmError when it does not come up
 */
export async function launchFirefox(executable: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "tabvisor-firefox-"));
  const child = await startFirefox(executable, profile);
  const remove = (): Promise<void> => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    const session = await BidiSession.connect(await addressOf(child));
    return new Firefox(child, session, remove);
  } catch (error) {
    await stop(child);
    await remove();
    throw error;
  }
}

class Firefox implements Browser {
  readonly #child: ChildProcess;
  readonly #session: BidiSession;
  readonly #remove: () => Promise<void>;
  #closing = false;

  constructor(child: ChildProcess, session: BidiSession, remove: () => Promise<void>) {
    this.#child = child;
    this.#session = session;
    this.#remove = remove;
  }

  async newPage(): Promise<BrowserPage> {
    const page = await BidiPage.open(this.#session);
    this.#child.once("exit", (code, signal) => {
      if (!this.#closing) page.emit("crash", new Error(`firefox ended: ${signal ?? code}`));
    });
    return page;
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#session.close();
    await stop(this.#child);
    await this.#remove();
  }
}

async function startFirefox(executable: string, profile: string): Promise<ChildProcess> {
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, "user.js"), lines.join(""));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  // A process group of its own: signals reach us; we close the browser when the machine has ended.
  const child = spawn(executable, args, {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
  });
  // Not left behind when this process ends of an error, or exits without closing it.
  const end = (): void => killGroup(child);
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
}

/** The WebSocket that Firefox prints when it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      reject(vmError("operationFailed", `firefox does not start: ${why}`));
    };
    const timer = setTimeout(() => fail("it does not answer"), START_MS);
    let last = "";
    if (child.stderr === null) return fail("its output is closed");
    // Read to the end, as a full pipe would stop it.
    createInterface({ input: child.stderr }).on("line", (line) => {
      last = line;
      const address = LISTENING.exec(line)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", () => {
      clearTimeout(timer);
      fail(last === "" ? "it ended at once" : last);
    });
  });
}

/** Ends Firefox with all its processes. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  killGroup(child);
  await exit;
}
