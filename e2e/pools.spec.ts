import { expect, type Locator, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { prefer } from "./page.ts";

const MIB = 2 ** 20;

/** Opens the page's own storage, in the browser's private file system. */
async function openDefaultPool(page: Page): Promise<Locator> {
  await prefer(page);
  await page.goto("/");
  await page.getByRole("link", { name: "Storage" }).click();
  await page.getByRole("link", { name: "default", exact: true }).click();
  const volumes = page.getByRole("region", { name: "Volumes of default" });
  await expect(volumes).toBeVisible();
  return volumes;
}

async function newVolume(page: Page, name: string, size: string, format: string): Promise<void> {
  await page.getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Size" }).fill(size);
  await dialog.getByRole("combobox", { name: "Format" }).selectOption(format);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toBeHidden();
}

async function choose(page: Page, volume: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${volume}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

const row = (page: Page, name: string): Locator => page.getByRole("row", { name, exact: true });

test("volumes are made, kept over a reload, and cloned", async ({ page }) => {
  await openDefaultPool(page);
  await newVolume(page, "disk.qcow2", "8", "qcow2");
  await expect(row(page, "disk.qcow2")).toContainText("8 GiB");
  await page.reload();
  await expect(row(page, "disk.qcow2")).toContainText("qcow2");
  await choose(page, "disk.qcow2", "Clone");
  const clone = page.getByRole("dialog", { name: "Clone disk.qcow2" });
  await expect(clone.getByRole("textbox", { name: "Name" })).toHaveValue("disk-2.qcow2");
  await clone.getByRole("combobox", { name: "Format" }).selectOption("raw");
  await clone.getByRole("button", { name: "Clone" }).click();
  await expect(row(page, "disk-2.qcow2")).toContainText("raw");
});

test("volumes are resized, wiped and deleted", async ({ page }) => {
  await openDefaultPool(page);
  await newVolume(page, "disk.qcow2", "8", "qcow2");
  await choose(page, "disk.qcow2", "Resize");
  const resize = page.getByRole("dialog", { name: "Resize disk.qcow2" });
  await resize.getByRole("textbox", { name: "Size" }).fill("9");
  await resize.getByRole("button", { name: "Resize" }).click();
  await expect(row(page, "disk.qcow2")).toContainText("9 GiB");
  await choose(page, "disk.qcow2", "Wipe");
  await page.getByRole("dialog").getByRole("button", { name: "Wipe" }).click();
  await expect(row(page, "disk.qcow2")).toContainText("raw");
  await choose(page, "disk.qcow2", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row(page, "disk.qcow2")).toBeHidden();
});

test("a sparse raw volume takes no quota for its holes", async ({ page }) => {
  await openDefaultPool(page);
  const usage = () =>
    page.evaluate(async () => (await navigator.storage.estimate()).usage ?? Number.NaN);
  const before = await usage();
  await newVolume(page, "hole.img", "4", "raw");
  await expect(row(page, "hole.img")).toContainText("4 GiB");
  await expect(row(page, "hole.img")).toContainText("0 B");
  expect((await usage()) - before).toBeLessThan(MIB);
});

test("a file is uploaded by picker or by dropping it, and comes back as it was", async ({
  page,
}) => {
  const volumes = await openDefaultPool(page);
  const bytes = Buffer.alloc(3 * MIB + 17, "volume ");
  const file = { name: "data.img", mimeType: "application/octet-stream", buffer: bytes };
  await volumes.locator("input[type=file]").setInputFiles(file);
  await expect(row(page, "data.img")).toContainText("3 MiB");
  const downloading = page.waitForEvent("download");
  await choose(page, "data.img", "Download");
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("data.img");
  expect(Buffer.compare(await readFile(await download.path()), bytes)).toBe(0);
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x".repeat(1000)], "data.img"));
    return transfer;
  });
  await volumes.locator(".tv-volumes").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(row(page, "data-2.img")).toContainText("1000 B");
});

test("an image of the web is imported as it is needed, or as a copy", async ({ page }) => {
  await openDefaultPool(page);
  const image = await page.evaluate(() => new URL("core.img", document.baseURI).href);
  const bytes = Buffer.alloc(256 * 1024, "image");
  await page.context().route(image, async (route) => {
    const range = /bytes=(\d+)-(\d*)/.exec(route.request().headers()["range"] ?? "");
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Math.min(bytes.length, Number(range[2]) + 1) : bytes.length;
    const headers = {
      "Accept-Ranges": "bytes",
      ETag: '"one"',
      ...(range && { "Content-Range": `bytes ${start}-${end - 1}/${bytes.length}` }),
    };
    await route.fulfill({ status: range ? 206 : 200, headers, body: bytes.subarray(start, end) });
  });
  for (const [how, name] of [
    ["Read it as needed", "needed.qcow2"],
    ["Copy all of it", "copied.qcow2"],
  ] as const) {
    await page.getByRole("button", { name: "Import" }).click();
    const dialog = page.getByRole("dialog", { name: "Import an image" });
    await dialog.getByRole("textbox", { name: "Address" }).fill(image);
    await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveValue("core.qcow2");
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByRole("radio", { name: how }).check();
    await dialog.getByRole("button", { name: "Import" }).click();
    await expect(row(page, name)).toContainText("256 KiB");
  }
  await expect(row(page, "needed.qcow2")).toContainText("qcow2 on core.img");
  await expect(row(page, "copied.qcow2")).not.toContainText("core.img");
});

test("pools are made, stopped, started and forgotten; what is wrong is said", async ({ page }) => {
  await openDefaultPool(page);
  await page.getByRole("link", { name: "Storage pools" }).click();
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toContainText("Give it a name without “/”.");
  await dialog.getByRole("textbox", { name: "Name" }).fill("isos");
  await dialog.getByRole("textbox", { name: "Path" }).fill("/var/lib/libvirt/images");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toContainText("Storage source conflict with pool: 'default'.");
  await dialog.getByRole("textbox", { name: "Path" }).fill("/srv/isos");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "isos")).toContainText("Active");
  const actions = page.getByRole("group", { name: "Actions: isos" });
  await actions.getByRole("button", { name: "Stop" }).click();
  await expect(row(page, "isos")).toContainText("Inactive");
  await actions.getByRole("button", { name: "Start" }).click();
  await expect(row(page, "isos")).toContainText("Active");
  await actions.getByRole("button", { name: "Stop" }).click();
  await choose(page, "isos", "Forget pool");
  await expect(row(page, "isos")).toBeHidden();
});

test("the test connection has libvirt's own pool, and 中文 is spoken", async ({ page }) => {
  await prefer(page, { language: "zh-Hans" });
  await page.goto("/?connect=test:///default#/storage");
  await expect(row(page, "default-pool")).toContainText("活跃");
  await expect(page.getByRole("heading", { name: "存储池" })).toBeVisible();
});

test("Debian is imported as a copy or as needed, with a machine that boots it", async ({
  page,
  request,
}) => {
  const guests = await request.get("/guests/index.json");
  const names = guests.ok() ? ((await guests.json()) as string[]) : [];
  test.skip(!names.includes("debian"), "the debian guest is not built");
  await openDefaultPool(page);
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import an image" });
  await dialog.getByRole("combobox", { name: "Image" }).selectOption("debian");
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(row(page, "debian.qcow2")).toContainText("qcow2 on");
  await page.getByRole("button", { name: "Import" }).click();
  await dialog.getByRole("combobox", { name: "Image" }).selectOption("debian");
  await dialog.getByRole("radio", { name: "Copy all of it" }).check();
  await dialog.getByRole("checkbox", { name: "Make a virtual machine" }).uncheck();
  await dialog.getByRole("button", { name: "Import" }).click();
  const copy = row(page, "debian-2.qcow2");
  await expect(copy).toContainText("Copying");
  await page.getByRole("button", { name: "Cancel: debian-2.qcow2" }).click();
  await expect(copy).toBeHidden();
  await page.getByRole("link", { name: "Tabvisor: all virtual machines" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
});

test("a volume group is made in a file, and found again after a reload", async ({ page }) => {
  await openDefaultPool(page);
  await page.getByRole("link", { name: "Storage pools" }).click();
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("vg0");
  await dialog.getByRole("combobox", { name: "Type" }).selectOption("Volume group");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "vg0", exact: true }).click();
  await page.getByRole("button", { name: "New volume" }).click();
  const volume = page.getByRole("dialog", { name: "New volume" });
  await volume.getByRole("textbox", { name: "Name" }).fill("root");
  await volume.getByRole("textbox", { name: "Size" }).fill("0.1");
  await volume.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "root")).toContainText("104 MiB");
  await page.getByRole("button", { name: "New volume" }).click();
  await volume.getByRole("textbox", { name: "Name" }).fill("snap");
  await volume.getByRole("combobox", { name: "Snapshot of" }).selectOption("root");
  await volume.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "snap")).toBeVisible();
  await expect(volume).toBeHidden();
  await page.reload();
  await expect(row(page, "root")).toContainText("raw");
  await expect(row(page, "snap")).toContainText("104 MiB");
});

test("a folder that the user picks is a pool, and its files are the user's own", async ({
  page,
}) => {
  // The browser's dialog cannot be driven; what it gives is a handle like those of the private files.
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      showDirectoryPicker: async () => {
        const root = await navigator.storage.getDirectory();
        return root.getDirectoryHandle("isos", { create: true });
      },
    });
  });
  await openDefaultPool(page);
  await page.getByRole("link", { name: "Storage pools" }).click();
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("folder");
  await dialog.getByRole("button", { name: "Choose a folder" }).click();
  await expect(dialog.getByRole("textbox", { name: "Path" })).toHaveValue("/mnt/isos");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "folder", exact: true }).click();
  await newVolume(page, "mine.qcow2", "3", "qcow2");
  await page.reload();
  await expect(row(page, "mine.qcow2")).toContainText("3 GiB");
  const magic = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("isos");
    return (await (await folder.getFileHandle("mine.qcow2")).getFile()).slice(0, 3).text();
  });
  expect(magic).toBe("QFI");
});
