/** The example of docs/embedding.md, on a server of its own: another site that embeds a machine. */
import { expect, test } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { serveStatic, type StaticServer } from "../src/host/node/static-server.ts";
import { BOOT_MS } from "./page.ts";

const GUEST_FILES = ["firmware.bin", "kernel", "initrd.cpio"];

let host: StaticServer;

test.beforeAll(async ({ playwright, baseURL }) => {
  const files = new Map<string, string | Uint8Array>();
  for (const name of await readdir("dist/embed")) {
    files.set(`tabvisor/${name}`, resolve("dist/embed", name));
  }
  // The library and the guest's files are copied to that site, as the document says.
  const request = await playwright.request.newContext(baseURL === undefined ? {} : { baseURL });
  for (const name of GUEST_FILES) {
    const answer = await request.get(`/guests/shell/${name}`);
    expect(answer.ok(), name).toBe(true);
    files.set(`guest/${name}`, await answer.body());
  }
  await request.dispose();
  host = await serveStatic(resolve("docs/examples"), files);
});

test.afterAll(() => host.close());

test("another site's page boots a machine and talks to it", async ({ page }) => {
  test.setTimeout(BOOT_MS + 30_000);
  await page.goto(`${host.origin}embed.html`);
  const screen = page.getByRole("log", { name: "Console" });
  await expect(screen).toContainText(/:~# *$/, { timeout: BOOT_MS });
  await expect(page.getByRole("status")).toHaveText("running");

  await page.getByLabel("Command").fill("uname -m; echo $((6 * 7))");
  await page.getByLabel("Command").press("Enter");
  await expect(screen).toContainText(/riscv64\s+42/);

  await page.getByLabel("Command").fill("poweroff -f");
  await page.getByLabel("Command").press("Enter");
  await expect(page.getByRole("status")).toHaveText("shutoff");
});

test("the document shows the example as it is", async () => {
  const document = await readFile("docs/embedding.md", "utf8");
  expect(document).toContain(await readFile("docs/examples/embed.html", "utf8"));
});
