// npm run screenshots: takes the README's pictures anew, into docs/images; with --all, of every view in both
// themes and languages, into test-results/screenshots. The page and the shell guest must be built.
/// <reference lib="dom" />
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";
import { preview } from "vite";
import { findChromium } from "./setup/browser.mjs";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */
/** @typedef {{ name: string, view: string, theme: "light" | "dark", language: "en" | "zh-Hans" }} Shot */

const SIZE = { width: 1120, height: 680 };
const BOOT_MS = 120_000;
const SAMPLES_MS = 30_000;
const CLONES = ["build", "web"];

/**
 * The views: their paths, by the UUID of a machine that runs, and what is there when they have come.
 *
 * @type {Readonly<Record<string, { path(uuid: string): string, ready: string }>>}
 */
const VIEWS = {
  manager: { path: () => "", ready: "main [role=row] svg, main [role=treegrid] svg" },
  console: { path: (uuid) => `vms/${uuid}/console`, ready: "main .xterm-rows" },
  details: { path: (uuid) => `vms/${uuid}/details/cpus`, ready: "main form input" },
  performance: { path: (uuid) => `vms/${uuid}/performance`, ready: "main canvas" },
  storage: { path: () => "connection/storage", ready: "main [role=row], main table, main nav" },
  wizard: { path: () => "new", ready: "[role=dialog] input[type=radio]:checked >> nth=1" },
  terminal: { path: () => "", ready: ".tv-terminal .xterm-rows" },
};

/** What README.md shows. @type {readonly Shot[]} */
const SHOWN = [
  { name: "manager", view: "manager", theme: "light", language: "en" },
  { name: "console", view: "console", theme: "light", language: "en" },
  { name: "wizard", view: "wizard", theme: "light", language: "en" },
  { name: "performance", view: "performance", theme: "light", language: "zh-Hans" },
  { name: "details", view: "details", theme: "dark", language: "en" },
  { name: "terminal", view: "terminal", theme: "dark", language: "en" },
];

/** @returns {Shot[]} */
function everything() {
  const themes = /** @type {const} */ (["light", "dark"]);
  const languages = /** @type {const} */ (["en", "zh-Hans"]);
  return Object.keys(VIEWS).flatMap((view) =>
    themes.flatMap((theme) =>
      languages.map((language) => ({
        name: `${view}-${theme}-${language}`,
        view,
        theme,
        language,
      })),
    ),
  );
}

/** @param {Locator} locator @param {string | RegExp} text */
const waitForText = (locator, text) =>
  locator.filter({ hasText: text }).first().waitFor({ timeout: BOOT_MS });

/** @param {Page} page */
const panel = (page) => page.getByRole("region", { name: /^(Terminal|终端)$/ });

/** Opens or closes the terminal. @param {Page} page */
const toggleTerminal = (page) =>
  page
    .getByRole("banner")
    .getByRole("button", { name: /^(Terminal|终端)$/ })
    .click();

/** Makes machines like the first one, one of them paused, so that the list is one. @param {Page} page */
async function makeMachines(page) {
  await toggleTerminal(page);
  const rows = panel(page).locator(".xterm-rows");
  await waitForText(rows, "tabvisor:~#");
  for (const name of CLONES) {
    await page.keyboard.type(`virt-clone -o 'Debian shell' -n ${name} --auto-clone\n`);
    await waitForText(rows, `Clone '${name}' created successfully`);
  }
  await page.keyboard.type("virsh start web --paused\n");
  await waitForText(rows, "Domain 'web' started");
  await toggleTerminal(page);
}

/** Boots the first machine, has it do something, and waits for graphs. @param {Page} page */
async function bootFirst(page) {
  await page.getByRole("link", { name: "Debian shell", exact: true }).click();
  await page.waitForURL(/#\/vms\//);
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  const console = page.getByRole("region", { name: "Console ttyS0" });
  const rows = console.locator(".xterm-rows");
  await waitForText(rows, /:~# *$/);
  await console.click();
  const talk = [
    ["uname -a\n", /GNU\/Linux.*:~# *$/],
    ["free -m\n", /Swap.*:~# *$/],
    ["while sleep 2; do gzip -c /bin/busybox >/x; done &\n", /&.*:~# *$/],
  ];
  for (const [command, answer] of /** @type {[string, RegExp][]} */ (talk)) {
    await page.keyboard.type(command);
    await waitForText(rows, answer);
  }
  // The page takes a sample every second; graphs of a few are not worth a picture.
  await page.waitForTimeout(SAMPLES_MS);
  return /vms\/([^/]+)/.exec(page.url())?.[1] ?? "";
}

/** As if another tab had changed them: the machines go on. @param {Page} page @param {Shot} shot */
async function prefer(page, { theme, language }) {
  await page.evaluate(
    (preferences) => {
      const newValue = JSON.stringify(preferences);
      localStorage.setItem("tabvisor.preferences", newValue);
      dispatchEvent(new StorageEvent("storage", { key: "tabvisor.preferences", newValue }));
    },
    { gpu: false, confirmLeave: false, theme, language },
  );
  await page.locator(`html[lang="${language}"]`).waitFor({ timeout: BOOT_MS });
}

/** @param {Page} page @param {Shot} shot @param {string} uuid @param {string} folder */
async function take(page, shot, uuid, folder) {
  await prefer(page, shot);
  const { path, ready } = VIEWS[shot.view] ?? { path: () => "", ready: "main" };
  // From the manager: the wizard lies over the view that was there before.
  for (const hash of ["#/", `#/${path(uuid)}`]) {
    await page.evaluate((place) => void (location.hash = place), hash);
    await page.waitForLoadState("networkidle");
  }
  if (shot.view === "terminal") {
    await toggleTerminal(page);
    await page.keyboard.type("clear\nvirsh list --all\n");
    await waitForText(panel(page).locator(".xterm-rows"), /build\s+shut off/);
  }
  await page.locator(ready).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(SIZE.width - 1, SIZE.height - 1);
  // Spinners of views that have only just been opened.
  await page.waitForFunction(() => document.querySelector("svg[role=progressbar]") === null);
  await page.screenshot({ path: `${folder}/${shot.name}.png`, animations: "disabled" });
  console.log(`${folder}/${shot.name}.png`);
  if (shot.view === "terminal") await toggleTerminal(page);
}

/** @param {string} address @param {readonly Shot[]} shots @param {string} folder */
async function takeAll(address, shots, folder) {
  const executablePath = await findChromium();
  const browser = await chromium.launch({
    args: ["--no-sandbox", "--disable-gpu"],
    ...(executablePath !== undefined && { executablePath }),
  });
  try {
    const page = await browser.newPage({ viewport: SIZE, locale: "en-US", colorScheme: "light" });
    await page.addInitScript(() => {
      const preferences = { gpu: false, confirmLeave: false };
      localStorage.setItem("tabvisor.preferences", JSON.stringify(preferences));
    });
    await page.goto(address);
    await makeMachines(page);
    const uuid = await bootFirst(page);
    for (const shot of shots) await take(page, shot, uuid, folder);
  } finally {
    await browser.close();
  }
}

if (!existsSync("dist/page/index.html")) throw new Error("the page is not built: npm run build");
const isAll = process.argv.includes("--all");
const server = await preview({ preview: { port: 0 } });
try {
  const address = server.resolvedUrls?.local[0] ?? "";
  const folder = isAll ? "test-results/screenshots" : "docs/images";
  await takeAll(address, isAll ? everything() : SHOWN, folder);
} finally {
  await server.close();
}
