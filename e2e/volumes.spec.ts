/** Volumes of the browser's own storage, over libvirt's calls. */
import { readFile } from "node:fs/promises";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { choose, openOwn, row } from "./page.ts";

const MIB = 2 ** 20;
const STORAGE = "connection/storage";

async function openStorage(page: Page): Promise<void> {
  await openOwn(page, STORAGE);
  await expect(page.getByRole("heading", { name: "default", exact: true })).toBeVisible();
}

async function newVolume(page: Page, name: string, size: string, format: string): Promise<void> {
  await page.getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("combobox", { name: "Format" }).selectOption(format);
  await dialog.getByRole("textbox", { name: "Size" }).fill(size);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toBeHidden();
}

test("volumes are made, kept over a reload, and cloned in another format", async ({ page }) => {
  await openStorage(page);
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
  await openStorage(page);
  await newVolume(page, "disk.qcow2", "8", "qcow2");
  await choose(page, "disk.qcow2", "Resize");
  const resize = page.getByRole("dialog", { name: "Resize disk.qcow2" });
  await resize.getByRole("textbox", { name: "Size" }).fill("7");
  await expect(resize).toContainText("unless shrink flag explicitly specified");
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
  await openStorage(page);
  // The page itself is kept, too, at about this time.
  const usage = () =>
    page.evaluate(async () => {
      const estimate = await navigator.storage.estimate();
      const { usageDetails } = estimate as { usageDetails?: { fileSystem?: number } };
      return usageDetails?.fileSystem ?? Number.NaN;
    });
  const before = await usage();
  await newVolume(page, "hole.img", "4", "raw");
  await expect(row(page, "hole.img")).toContainText("4 GiB");
  await expect(row(page, "hole.img")).toContainText("0 B");
  expect((await usage()) - before).toBeLessThan(MIB);
});

/** Sends a file into the pool and takes it out again. */
async function thereAndBack(page: Page, bytes: Buffer): Promise<void> {
  const file = { name: "data.img", mimeType: "application/octet-stream", buffer: bytes };
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(row(page, "data.img")).toContainText("4 MiB");
  const downloading = page.waitForEvent("download");
  await choose(page, "data.img", "Download");
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("data.img");
  expect(Buffer.compare(await readFile(await download.path()), bytes)).toBe(0);
}

const sparse = (): Buffer =>
  Buffer.concat([
    Buffer.alloc(MIB, "data "),
    Buffer.alloc(2 * MIB),
    Buffer.alloc(MIB + 17, "end "),
  ]);

test("a file is uploaded by picker or by dropping it, and comes back as it was", async ({
  page,
}) => {
  await openStorage(page);
  await thereAndBack(page, sparse());
  await expect(row(page, "data.img")).toContainText("2.1 MiB");
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x".repeat(1000)], "data.img"));
    return transfer;
  });
  const target = page.getByRole("region", { name: "Volumes of default" }).locator(".tv-volumes");
  await target.dispatchEvent("drop", { dataTransfer: dropped });
  await expect(row(page, "data-2.img")).toContainText("1000 B");
});

/** Drops a file of `mebibytes` that is no shorter when it is stored. */
async function dropLarge(page: Page, name: string, mebibytes: number): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, count]) => {
      const piece = new Blob([new Uint8Array(1 << 20).fill(1)]);
      const data = new DataTransfer();
      data.items.add(
        new File(
          Array.from({ length: count }, () => piece),
          file,
        ),
      );
      return data;
    },
    [name, mebibytes] as const,
  );
  const target = page.getByRole("region", { name: "Volumes of default" }).locator(".tv-volumes");
  await target.dispatchEvent("drop", { dataTransfer: transfer });
}

test("an upload shows how far it is, and leaves nothing when it is given up", async ({ page }) => {
  await openStorage(page);
  await dropLarge(page, "large.img", 2048);
  const list = page.getByRole("list", { name: "Under way" });
  await expect(list.getByRole("progressbar")).toBeVisible();
  await list.getByRole("button", { name: "Cancel: Uploading large.img" }).click();
  await expect(list).toBeHidden();
  await expect(row(page, "large.img")).toBeHidden();
  await expect(page.getByText("failed")).toBeHidden();
  await thereAndBack(page, sparse());
});

test("a copy shows how far it is in its dialog, and leaves nothing when it is given up", async ({
  page,
}) => {
  await openStorage(page);
  await dropLarge(page, "full.img", 128);
  await expect(row(page, "full.img")).toContainText("128 MiB", { timeout: 30_000 });
  await choose(page, "full.img", "Clone");
  const dialog = page.getByRole("dialog", { name: "Clone full.img" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("copy.img");
  await dialog.getByRole("button", { name: "Clone" }).click();
  await expect(dialog.getByRole("button", { name: "Continue in the background" })).toBeFocused();
  const bar = dialog.getByRole("progressbar", { name: "Copying full.img" });
  await expect(bar).toHaveAttribute("aria-valuetext", /^\d+%, .* of 128 MiB$/);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, "copy.img")).toBeHidden();
  await page.getByRole("button", { name: "Tasks" }).click();
  const log = page.getByRole("complementary", { name: "Tasks" });
  await expect(log.getByRole("listitem").filter({ hasText: "Copying full.img" })).toContainText(
    "Cancelled",
  );
  await log.getByRole("button", { name: "Close the tasks" }).click();
  // What was copied can be used again.
  await choose(page, "full.img", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row(page, "full.img")).toBeHidden();
});

test("a wipe that goes on without its dialog is given up in the task log, and its volume stays", async ({
  page,
}) => {
  await openStorage(page);
  await dropLarge(page, "full.img", 32);
  await expect(row(page, "full.img")).toContainText("32 MiB");
  await choose(page, "full.img", "Wipe");
  const dialog = page.getByRole("dialog", { name: "Wipe full.img" });
  await dialog.getByRole("combobox", { name: "How" }).selectOption({ value: "gutmann" });
  await dialog.getByRole("button", { name: "Wipe" }).click();
  await dialog.getByRole("button", { name: "Continue in the background" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Tasks, 1 running" }).click();
  const log = page.getByRole("complementary", { name: "Tasks" });
  const bar = log.getByRole("progressbar", { name: "Wiping full.img" });
  // 35 passes.
  await expect(bar).toHaveAttribute("aria-valuetext", /^\d+%, .* of 1\.1 GiB$/);
  await log.getByRole("button", { name: "Cancel: Wiping full.img" }).click();
  await expect(log.getByRole("listitem").filter({ hasText: "Wiping full.img" })).toContainText(
    "Cancelled",
  );
  await expect(row(page, "full.img")).toContainText("32 MiB");
  await expect(page.getByText("failed")).toBeHidden();
});

test("a large download is written to the file that the user chose, holes as holes", async ({
  page,
}) => {
  // The browser's dialog cannot be driven; what it gives is a handle like those of the private files.
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
        const root = await navigator.storage.getDirectory();
        return root.getFileHandle(`chosen-${suggestedName}`, { create: true });
      },
    });
  });
  await openStorage(page);
  // 72 MiB: large enough to be asked for a file.
  await newVolume(page, "hole.img", "0.0703125", "raw");
  await choose(page, "hole.img", "Download");
  const chosen = () =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("chosen-hole.img").catch(() => null);
      return handle ? (await handle.getFile()).size : null;
    });
  await expect.poll(chosen).toBe(72 * MIB);
});

test("a second tab uploads and downloads through the first one", async ({ context }) => {
  const first = await context.newPage();
  await openStorage(first);
  const second = await context.newPage();
  await openStorage(second);
  await thereAndBack(second, sparse());
  await first.getByRole("button", { name: "Refresh: default" }).click();
  await expect(row(first, "data.img")).toContainText("raw");
});

/** An image of the web that is sent in parts, or not at all. */
async function serveImage(context: BrowserContext, url: string, bytes: Buffer): Promise<void> {
  await context.route(url, async (route) => {
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
}

test("an image of the web is imported as it is needed, or as a copy", async ({ page }) => {
  await openStorage(page);
  const image = await page.evaluate(() => new URL("core.img", document.baseURI).href);
  await serveImage(page.context(), image, Buffer.alloc(256 * 1024, "image"));
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import an image" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  const start = dialog.getByRole("button", { name: "Import" });
  await dialog.getByRole("textbox", { name: "Address" }).fill("no.img");
  await start.click();
  await expect(dialog).toContainText("The server sends a web page there, not an image.");
  await dialog.getByRole("textbox", { name: "Address" }).fill(image);
  await expect(name).toHaveValue("core.qcow2");
  await start.click();
  await expect(row(page, "core.qcow2")).toContainText("qcow2 on core.img");
  await expect(row(page, "core.qcow2")).toContainText("256 KiB");
  await page.getByRole("button", { name: "Import" }).click();
  await dialog.getByRole("textbox", { name: "Address" }).fill(image);
  await dialog.getByRole("radio", { name: "Copy all of it" }).check();
  await expect(name).toHaveValue("core.img");
  await start.click();
  await expect(row(page, "core.img")).toContainText("raw");
  await expect(row(page, "core.img")).toContainText("256 KiB");
});

test("a volume group is made in a file, and found again after a reload", async ({ page }) => {
  await openStorage(page);
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("vg0");
  await dialog.getByRole("combobox", { name: "Type" }).selectOption("Volume group");
  await dialog.getByRole("textbox", { name: "Size" }).fill("0.5");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText(/of 50\d MiB/).first()).toBeVisible();
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
  await openStorage(page);
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("folder");
  await dialog.getByRole("button", { name: "Choose a folder" }).click();
  await expect(dialog.getByRole("textbox", { name: "Path" })).toHaveValue("/mnt/isos");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: "folder", exact: true })).toBeVisible();
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

test("images of a web server are a pool to read from, and are cloned into another", async ({
  page,
}) => {
  await openStorage(page);
  const image = await page.evaluate(() => new URL("core.img", document.baseURI).href);
  await serveImage(page.context(), image, Buffer.alloc(256 * 1024, "image"));
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("web");
  await dialog.getByRole("combobox", { name: "Type" }).selectOption("Web server");
  await dialog.getByRole("textbox", { name: "Addresses of images" }).fill(image);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "core.img")).toContainText("256 KiB");
  await expect(page.getByRole("button", { name: "New volume" })).toBeHidden();
  await choose(page, "core.img", "Clone");
  await page.getByRole("dialog").getByRole("button", { name: "Clone" }).click();
  await page.getByRole("link", { name: /^default/ }).click();
  await expect(row(page, "core.img")).toContainText("256 KiB");
  await page.getByRole("link", { name: /^web/ }).click();
  await page.getByRole("tab", { name: "XML" }).click();
  const text = page.getByRole("textbox", { name: "Definition of web" });
  await expect(text).toHaveValue(/<device path='http.*core\.img'\/>/);
});

test("pools' definitions are XML files, also those that an earlier version kept as JSON", async ({
  page,
}) => {
  await page.goto("/favicon.svg");
  await page.evaluate(async () => {
    let at = await navigator.storage.getDirectory();
    for (const name of ["etc", "libvirt", "storage"])
      at = await at.getDirectoryHandle(name, { create: true });
    const definition = {
      uuid: "11111111-2222-3333-4444-555555555555",
      name: "old",
      type: "dir",
      targetPath: "/srv/old",
      source: {},
      autostart: false,
    };
    const handle = await at.getFileHandle(`${definition.uuid}.json`, { create: true });
    const writable = await handle.createWritable();
    await writable.write(JSON.stringify({ form: 1, definition }));
    await writable.close();
    await at.getFileHandle("visited", { create: true });
  });
  await openOwn(page, "connection/storage");
  await expect(page.getByRole("link", { name: "old" })).toBeVisible();
  const found = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    let at = root;
    for (const name of ["host", "etc", "libvirt", "storage"])
      at = await at.getDirectoryHandle(name);
    const file = await (await at.getFileHandle("old.xml")).getFile();
    const names: string[] = [];
    for await (const name of root.keys()) names.push(name);
    return { names, xml: await file.text() };
  });
  expect(found.xml).toContain("<path>/srv/old</path>");
  expect(found.names).not.toContain("etc");
  await page.reload();
  await expect(page.getByRole("link", { name: "old" })).toBeVisible();
});
