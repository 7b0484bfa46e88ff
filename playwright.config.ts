import { defineConfig } from "@playwright/test";
import { existsSync } from "node:fs";
import { CHROMIUM_FLAGS } from "./src/host/node/browser-launch.ts";

const PORT = Number(process.env["TABVISOR_E2E_PORT"] ?? 4173);
const ADDRESS = `http://127.0.0.1:${PORT}`;

/** The browser that was asked for, else one of the system's, else Playwright's own. */
const executable = [process.env["TABVISOR_CHROMIUM"], "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: process.env["CI"] !== undefined,
  // Machines want the processors for themselves.
  workers: 1,
  // A computer that others use at the same time may be late; a test that passes at last is "flaky".
  retries: process.env["CI"] === undefined ? 0 : 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: ADDRESS,
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    colorScheme: "light",
    trace: "retain-on-failure",
    launchOptions: {
      args: CHROMIUM_FLAGS,
      ...(executable !== undefined && { executablePath: executable }),
    },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${PORT} --strictPort`,
    url: ADDRESS,
    reuseExistingServer: process.env["CI"] === undefined,
  },
});
