import { expect, type Locator, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { prefer } from "./page.ts";

const MIB = 2 ** 20;

/** A guest's manifest, as the server sends it. */
function manifest(name: string, usualMib: number, disk: boolean) {
  const file = (path: string) => ({ path, sizeBytes: 10 * MIB });
  const boot = {
    firmware: "firmware",
    kernel: "kernel",
    initrd: "initrd",
    append: "console=ttyS0",
  };
  const way = disk ? { ...boot, disk: "disk" } : boot;
  return {
    name,
    title: name,
    key: "0123456789abcdef",
    memory: { leastBytes: 64 * MIB, usualBytes: usualMib * MIB },
    files: {
      firmware: file("firmware.bin"),
      kernel: file("kernel"),
      initrd: file("initrd.cpio"),
      disk: file("disk.qcow2"),
    },
    boot: { fast: way, stock: way },
  };
}

/** Opens the wizard on libvirt's mock, beside a server with two guests. */
async function openWizard(page: Page): Promise<Locator> {
  await prefer(page);
  await page.route("**/guests/index.json", (route) => route.fulfill({ json: ["shell", "debian"] }));
  await page.route("**/guests/*/manifest.json", (route) => {
    const isDebian = route.request().url().includes("/debian/");
    const json = isDebian ? manifest("debian", 512, true) : manifest("shell", 128, false);
    return route.fulfill({ json });
  });
  await page.goto("/?connect=test:///default#/new");
  const dialog = page.getByRole("dialog", { name: "Create a new virtual machine" });
  await expect(dialog.getByRole("radio", { name: "Debian 13 shell" })).toBeChecked();
  return dialog;
}

const press = (dialog: Locator, name: string): Promise<void> =>
  dialog.getByRole("button", { name, exact: true }).click();

const STEPS = ["Source", "Memory and CPUs", "Storage", "Name and network", "Summary"];

/** Goes on until a step is shown. */
async function goTo(dialog: Locator, step: string): Promise<void> {
  const place = dialog.getByText(/^Step \d of 5: /);
  let shown = (await place.innerText()).replace(/^.*: /, "");
  while (shown !== step) {
    const next = STEPS[STEPS.indexOf(shown) + 1] ?? step;
    await press(dialog, "Next");
    await expect(place).toContainText(next);
    shown = next;
  }
}

test("a running machine is two clicks away from the wizard's address", async ({ page }) => {
  const dialog = await openWizard(page);
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "debian-shell" })).toBeVisible();
  await expect(page).toHaveURL(/#\/vms\/[0-9a-f-]{36}\/console$/);
});

test("what is asked for before the images are known waits for them", async ({ page }) => {
  await prefer(page);
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/guests/index.json", async (route) => {
    await answered;
    return route.fulfill({ json: ["shell"] });
  });
  await page.goto("/?connect=test:///default#/new");
  const dialog = page.getByRole("dialog", { name: "Create a new virtual machine" });
  await expect(dialog).toContainText("Looking for images…");
  await expect(dialog.getByRole("button", { name: "Finish now" })).toBeDisabled();
  answer();
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "debian-shell" })).toBeVisible();
});

test("five steps, with the keyboard alone, there and back", async ({ page }) => {
  const dialog = await openWizard(page);
  const radio = (name: string) => dialog.getByRole("radio", { name, exact: true });
  await expect(radio("Debian image")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(radio("Debian 13 shell")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(radio("Debian 13")).toBeChecked();
  await page.keyboard.press("Enter");
  const memory = dialog.getByRole("spinbutton", { name: "Memory" });
  await expect(memory).toBeFocused();
  await expect(memory).toHaveValue("512");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("768");
  await page.keyboard.press("Enter");
  const size = dialog.getByRole("textbox", { name: "Size (optional)" });
  await expect(size).toBeFocused();
  await expect(dialog.getByRole("combobox", { name: "Storage pool" })).toHaveValue("default-pool");
  await page.keyboard.press("Enter");
  const name = dialog.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("debian");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("mine");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("definition").filter({ hasText: "768 MiB" })).toBeVisible();
  await expect(dialog).toContainText("Debian 13 in pool default-pool");
  await dialog.getByRole("button", { name: "2. Memory and CPUs" }).press("Enter");
  await expect(memory).toHaveValue("768");
  await goTo(dialog, "Summary");
  await dialog.getByRole("checkbox", { name: "Customize configuration" }).press("Space");
  await expect(dialog.getByRole("checkbox", { name: "Start the virtual machine" })).toBeDisabled();
  await dialog.getByRole("button", { name: "Finish", exact: true }).press("Enter");
  await expect(page).toHaveURL(/#\/vms\/[0-9a-f-]{36}\/details$/);
  await expect(page.getByRole("heading", { name: "mine" })).toBeVisible();
});

test("what is wrong is said while one types, and keeps one from going on", async ({ page }) => {
  const dialog = await openWizard(page);
  await goTo(dialog, "Memory and CPUs");
  const memory = dialog.getByRole("spinbutton", { name: "Memory" });
  const vcpus = dialog.getByRole("spinbutton", { name: "CPUs" });
  await memory.fill("62");
  await expect(memory).toHaveAccessibleDescription(/Between 64 and 3072 MiB\./);
  await press(dialog, "Next");
  await expect(memory).toBeFocused();
  await expect(dialog).toContainText("Step 2 of 5");
  await dialog.getByRole("button", { name: "More: Memory" }).click();
  await expect(memory).toHaveValue("126");
  await vcpus.fill("17");
  await expect(vcpus).toHaveAccessibleDescription(
    /Maximum CPUs greater than specified machine type limit 16\./,
  );
  await vcpus.fill("2");
  await goTo(dialog, "Name and network");
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("test");
  await expect(name).toHaveAccessibleDescription(
    /domain 'test' already exists with uuid 6695eb01-f6a4-8304-79aa-97f2502e193f\./,
  );
  await press(dialog, "Back");
  await press(dialog, "Finish now");
  await expect(name).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Name and network: something" })).toBeVisible();
  await name.fill("other");
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "other" })).toBeVisible();
});

test("a disk is made, and imported into another machine with a warning", async ({ page }) => {
  const dialog = await openWizard(page);
  await goTo(dialog, "Storage");
  await dialog.getByRole("radio", { name: "Create a disk image" }).check();
  await dialog.getByRole("textbox", { name: "Size" }).fill("");
  await expect(dialog).toContainText("A size above 0.");
  await dialog.getByRole("textbox", { name: "Size" }).fill("200");
  await expect(dialog).toContainText("(200 GiB requested, 100 GiB available)");
  await dialog.getByRole("textbox", { name: "Size" }).fill("2");
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "debian-shell" })).toBeVisible();

  await page.goto(`${page.url().split("#")[0]}#/new`);
  await dialog.getByRole("radio", { name: "Existing disk" }).check();
  await press(dialog, "Next");
  await expect(dialog).toContainText("A storage path must be specified.");
  await dialog.getByRole("button", { name: "Browse: Disk" }).click();
  const browser = page.getByRole("dialog", { name: "Choose an existing disk" });
  await browser.getByRole("radio", { name: "debian-shell.qcow2" }).check();
  await page.keyboard.press("Enter");
  await browser.getByRole("button", { name: "Choose" }).click();
  await expect(dialog).toContainText(
    "Disk “/default-pool/debian-shell.qcow2” is already in use by other guests: debian-shell.",
  );
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "debian-shell-2" })).toBeVisible();
});

test("closing the storage browser leaves the wizard open", async ({ page }) => {
  const dialog = await openWizard(page);
  await dialog.getByRole("radio", { name: "Existing disk" }).check();
  const browse = dialog.getByRole("button", { name: "Browse: Disk" });
  await browse.click();
  const browser = page.getByRole("dialog", { name: "Choose an existing disk" });
  await expect(browser).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(browser).toBeHidden();
  await expect(dialog).toBeVisible();
  await expect(browse).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("files are recognized, and nothing is left of what fails", async ({ page }) => {
  const dialog = await openWizard(page);
  const file = (name: string, bytes: readonly number[]) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(bytes),
  });
  await dialog.getByRole("radio", { name: "Local file" }).check();
  const input = dialog.locator('input[type="file"]').first();
  await input.setInputFiles(file("a.img.gz", [0x1f, 0x8b]));
  await expect(dialog).toContainText("It is compressed with gzip: unpack it first.");
  await input.setInputFiles(file("initrd", [...Buffer.from("070701")]));
  await expect(dialog.getByRole("radio", { name: "Kernel", exact: true })).toBeChecked();
  await expect(dialog.getByRole("button", { name: "Remove initrd" })).toBeVisible();
  await dialog.getByRole("radio", { name: "Local file" }).check();
  await input.setInputFiles(file("disk.img", [...Buffer.from("QFI"), 0xfb]));
  await expect(dialog).toContainText("qcow2 disk image, 4 B");
  // The second click is not for "Cancel", which may stand there then.
  await dialog.getByRole("button", { name: "Finish now" }).dblclick();
  // libvirt's mock takes no uploads.
  await expect(dialog).toContainText("Unable to complete install");
  await expect(dialog).toContainText(
    "this function is not supported by the connection driver: virStorageVolUpload.",
  );
  await dialog.getByRole("radio", { name: "Existing disk" }).check();
  await dialog.getByRole("button", { name: "Browse: Disk" }).click();
  await expect(page.getByRole("heading", { name: /no volumes/i })).toBeVisible();
});

test("what is at an address is looked at", async ({ page }) => {
  const dialog = await openWizard(page);
  const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*" };
  const body = Buffer.from([...Buffer.from("QFI"), 0xfb]);
  const ranged = { ...headers, "Content-Range": "bytes 0-3/5242880" };
  await page.route("https://images.example/**", (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === "disk.qcow2") return route.fulfill({ status: 206, headers: ranged, body });
    if (name === "whole.qcow2") return route.fulfill({ headers, body });
    return route.fulfill({ status: 404, headers });
  });
  await dialog.getByRole("radio", { name: "Web address" }).check();
  const url = dialog.getByRole("textbox", { name: "Address" });
  await url.fill("nonsense://x");
  await expect(url).toHaveAccessibleDescription(/An address begins with/);
  await url.fill("https://images.example/gone");
  await expect(url).toHaveAccessibleDescription(/The server answers with status 404/);
  await url.fill("https://images.example/whole.qcow2");
  await expect(dialog.getByRole("radio", { name: "Copy all of it first" })).toBeChecked();
  await dialog.getByRole("radio", { name: "Read as needed" }).check();
  await expect(url).toHaveAccessibleDescription(/sends its images only as a whole/);
  await url.fill("https://images.example/disk.qcow2");
  await expect(url).toHaveAccessibleDescription(/qcow2 disk image, 5 MiB/);
  await press(dialog, "Finish now");
  await expect(page.getByRole("heading", { name: "disk", exact: true })).toBeVisible();
});

test("every step can be used by everybody", async ({ page }) => {
  test.setTimeout(180_000);
  const dialog = await openWizard(page);
  for (const source of ["Local file", "Web address", "Existing disk", "Kernel", "Debian image"]) {
    await dialog.getByRole("radio", { name: source, exact: true }).check();
    expect(await violations(page)).toEqual([]);
  }
  for (const step of ["Memory and CPUs", "Storage", "Name and network", "Summary"]) {
    await goTo(dialog, step);
    expect(await violations(page)).toEqual([]);
  }
});
