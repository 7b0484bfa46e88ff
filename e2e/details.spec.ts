import { expect, type Page, test } from "@playwright/test";
import { openVm } from "./page.ts";

const apply = (page: Page) => page.getByRole("button", { name: "Apply", exact: true });
const hardware = (page: Page) => page.getByRole("navigation", { name: "Hardware" });
const pending = "Changes take effect at the next start";

/** The machine's XML as the editor shows it. */
async function xmlOf(page: Page, name: string): Promise<string> {
  await page.getByRole("tab", { name: "XML" }).click();
  return page.getByRole("textbox", { name: `XML of ${name}` }).inputValue();
}

test("hardware is listed, and each piece has an address", async ({ page }) => {
  await openVm(page, "details");
  await expect(hardware(page).getByRole("link")).toHaveText([
    "Overview",
    "OS information",
    "CPUs",
    "Memory",
    "Boot options",
    "VirtIO disk 1",
    "NIC :dd:ee:ff",
    "Memory balloon",
  ]);
  await hardware(page).getByRole("link", { name: "VirtIO disk 1" }).click();
  await expect(page).toHaveURL(/\/details\/disk-vda$/);
  await expect(page.getByRole("heading", { name: "VirtIO disk 1" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Source path" })).toHaveValue("/guest/diskimage1");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("changes are applied, and what runs is told apart from the next start", async ({ page }) => {
  await openVm(page, "details", "disk-vda");
  await expect(apply(page)).toBeDisabled();
  await page.getByRole("checkbox", { name: "Shareable" }).check();
  await page.getByRole("button", { name: "Advanced options" }).click();
  await page.getByRole("combobox", { name: "Cache mode" }).selectOption("none");
  await apply(page).click();
  await expect(apply(page)).toBeDisabled();
  await expect(page.getByText(pending).first()).toBeVisible();
  const xml = await xmlOf(page, "VirtIO disk 1");
  expect(xml).toContain("<shareable/>");
  expect(xml).toContain("cache='none'");
});

test("a disk on another bus has another name, and its page follows", async ({ page }) => {
  await openVm(page, "details", "disk-vda");
  await page.getByRole("combobox", { name: "Disk bus" }).selectOption("SATA");
  await apply(page).click();
  await expect(page).toHaveURL(/\/details\/disk-sda$/);
  await expect(page.getByRole("heading", { name: "SATA disk 1" })).toBeVisible();
  await expect(page.getByText("There from the next start on")).toBeVisible();
});

test("what libvirt refuses is said while one types, in its words", async ({ page }) => {
  await openVm(page, "details", "interface-aa:bb:cc:dd:ee:ff");
  const mac = page.getByRole("textbox", { name: "MAC address" });
  await mac.fill("ab:bb:cc");
  await expect(page.getByText("unable to parse mac address 'ab:bb:cc'")).toBeVisible();
  await apply(page).click();
  await expect(page.getByText("The changes were refused")).toBeVisible();
  await page.getByRole("button", { name: "Revert" }).click();
  await expect(mac).toHaveValue("aa:bb:cc:dd:ee:ff");
  await expect(page.getByText("The changes were refused")).toBeHidden();
});

test("memory and vCPUs keep within what makes sense", async ({ page }) => {
  await openVm(page, "details", "memory");
  await page.getByRole("spinbutton", { name: "Maximum allocation" }).fill("1024");
  await expect(page.getByText("The current allocation is above the maximum.")).toBeVisible();
  await expect(apply(page)).toBeDisabled();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("spinbutton", { name: "Current allocation" })).toHaveValue("1024");
  await apply(page).click();
  await expect(page.getByText(pending).first()).toBeVisible();

  await hardware(page).getByRole("link", { name: "CPUs" }).click();
  await page.getByRole("spinbutton", { name: "vCPU allocation" }).fill("20");
  await expect(page.getByText(/Overcommitting vCPUs can hurt performance/)).toBeVisible();
  await page.getByRole("spinbutton", { name: "Maximum vCPUs" }).fill("8");
  await expect(page.getByText("maxvcpus must not be less than current vcpus")).toBeVisible();
  await page.getByRole("checkbox", { name: "Manually set CPU topology" }).check();
  await page.getByRole("spinbutton", { name: "Sockets" }).fill("2");
  await page.getByRole("spinbutton", { name: "Cores" }).fill("2");
  await expect(page.getByRole("spinbutton", { name: "Maximum vCPUs" })).toHaveValue("4");
  await apply(page).click();
  await expect(apply(page)).toBeDisabled();
  expect(await xmlOf(page, "test")).toContain(
    "<topology sockets='2' dies='1' cores='2' threads='1'/>",
  );
});

test("boot options: autostart, order by the keyboard, and a kernel", async ({ page }) => {
  await openVm(page, "details", "boot");
  await page.getByRole("checkbox", { name: /Start this machine/ }).check();
  await page.getByRole("checkbox", { name: "NIC :dd:ee:ff" }).check();
  const up = page.getByRole("button", { name: "Move NIC :dd:ee:ff up" });
  await up.focus();
  await page.keyboard.press("Enter");
  const down = page.getByRole("button", { name: "Move NIC :dd:ee:ff down" });
  await down.focus();
  await page.keyboard.press("Enter");
  await expect(down).toBeFocused();
  await up.click();
  await page.getByRole("checkbox", { name: "Enable direct kernel boot" }).check();
  await page.getByRole("textbox", { name: "Kernel arguments" }).fill("quiet");
  await expect(page.getByText("Cannot set kernel arguments")).toBeVisible();
  await page.getByRole("textbox", { name: "Kernel path" }).fill("/boot/Image");
  await apply(page).click();
  await expect(apply(page)).toBeDisabled();
  await expect(page.getByRole("checkbox", { name: /Start this machine/ })).toBeChecked();
  const xml = await xmlOf(page, "test");
  expect(xml).toContain("<kernel>/boot/Image</kernel>");
  expect(xml.replace(/[\s\S]*<interface/, "")).toContain("<boot order='1'/>");
});

test("nothing that was typed is lost without a question", async ({ page }) => {
  await openVm(page, "details", "memory");
  await hardware(page).getByRole("link", { name: "Boot options" }).click();
  await hardware(page).getByRole("link", { name: "Memory", exact: true }).click();
  const most = page.getByRole("spinbutton", { name: "Maximum allocation" });
  await most.fill("4096");
  await hardware(page).getByRole("link", { name: "CPUs" }).click();
  const question = page.getByRole("dialog", { name: /unapplied changes/ });
  await question.getByRole("button", { name: "Stay here" }).click();
  await expect(page).toHaveURL(/\/memory$/);
  await expect(most).toHaveValue("4096");

  await page.goBack();
  await question.getByRole("button", { name: "Stay here" }).click();
  await expect(most).toHaveValue("4096");

  await page.getByRole("tab", { name: "XML" }).click();
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("textbox", { name: "XML of test" })).toBeVisible();

  await page.getByRole("tab", { name: "Details" }).click();
  await most.fill("4096");
  await page.getByRole("link", { name: "Console" }).click();
  await question.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/\/console$/);
  await page.goBack();
  await expect(most).toHaveValue("4096");
});

test("XML is edited, with the line of an error", async ({ page }) => {
  await openVm(page, "details", "overview");
  const xml = await xmlOf(page, "test");
  const field = page.getByRole("textbox", { name: "XML of test" });
  await field.fill(xml.replace("</os>", "</oz>"));
  await expect(
    page.getByText(/\(domain_definition\):\d+: Missing end tag for element os/),
  ).toBeVisible();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill(xml.replace("</name>", "</name>\n  <title>From XML</title>"));
  await apply(page).click();
  await expect(apply(page)).toBeDisabled();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("From XML");
});

test("hardware is added, with an image made for it, and removed again", async ({ page }) => {
  await openVm(page, "details");
  await page.getByRole("button", { name: "Add hardware" }).click();
  const dialog = page.getByRole("dialog", { name: "Add hardware to test" });
  await dialog.getByRole("spinbutton", { name: "Size (GiB)" }).fill("0");
  await expect(dialog.getByRole("button", { name: "Finish" })).toBeDisabled();
  await dialog.getByRole("spinbutton", { name: "Size (GiB)" }).fill("3");
  await dialog.getByRole("button", { name: "Finish" }).click();
  await expect(page).toHaveURL(/\/details\/disk-vdb$/);
  await expect(page.getByText("There from the next start on", { exact: true })).toBeVisible();
  const source = page.getByRole("textbox", { name: "Source path" });
  await expect(source).toHaveValue("/default-pool/test.qcow2");

  // Its image can be chosen for a drive.
  await page.getByRole("button", { name: "Add hardware" }).click();
  await dialog.getByRole("button", { name: "CDROM" }).click();
  await dialog.getByRole("button", { name: "Browse" }).click();
  const browser = page.getByRole("dialog", { name: "Choose media" });
  await browser.getByRole("radio", { name: "test.qcow2" }).check();
  await browser.getByRole("button", { name: "Choose volume" }).click();
  await dialog.getByRole("button", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { name: "SATA CDROM 1" })).toBeVisible();
  await page.getByRole("button", { name: "Eject" }).click();
  await apply(page).click();
  await expect(source).toHaveValue("No media");

  await hardware(page).getByRole("link", { name: "VirtIO disk 2" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  const question = page.getByRole("dialog", { name: "Remove VirtIO disk 2?" });
  await question.getByRole("checkbox", { name: /Delete its image/ }).check();
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(hardware(page).getByRole("link", { name: "VirtIO disk 2" })).toHaveCount(0);
  // Whoever works with the keyboard goes on from the list.
  await expect(hardware(page).getByRole("link", { name: "Overview" })).toBeFocused();
});

test("a keyboard is added", async ({ page }) => {
  await openVm(page, "details");
  await page.getByRole("button", { name: "Add hardware" }).click();
  const dialog = page.getByRole("dialog", { name: "Add hardware to test" });
  await dialog.getByRole("button", { name: "Keyboard" }).click();
  await dialog.getByRole("button", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { name: "Input keyboard" })).toBeVisible();
});

test("a machine's names, words and firmware are changed where it is shut off", async ({ page }) => {
  await openVm(page, "details", "overview");
  const name = page.getByRole("textbox", { name: "Name" });
  await expect(name).toBeDisabled();
  await page.getByRole("textbox", { name: "Tags" }).fill("web, db");
  await apply(page).click();
  // Words about a machine do not wait for its next start.
  await expect(apply(page)).toBeDisabled();
  await expect(page.getByText(pending)).toHaveCount(0);
  await page.getByRole("button", { name: /^Shut down, reboot/ }).click();
  await page.getByRole("menuitem", { name: "Shut down", exact: true }).click();
  await name.fill("a/b");
  await expect(page.getByText("A name cannot contain “/”.")).toBeVisible();
  await name.fill("renamed");
  await page.getByRole("combobox", { name: "Firmware" }).selectOption("UEFI");
  await apply(page).click();
  await expect(page.getByRole("heading", { name: "renamed", exact: true })).toBeVisible();
  const xml = await xmlOf(page, "renamed");
  expect(xml).toContain("<os firmware='efi'>");
  expect(xml).toContain(":tag>db</");
});
