import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { prefer } from "./page.ts";

const panel = (page: Page) => page.getByRole("region", { name: "Terminal", exact: true });
const rows = (page: Page) => panel(page).locator(".xterm-rows");

async function open(page: Page, query: string): Promise<void> {
  await prefer(page);
  await page.goto(`/${query}`);
  await page.getByRole("button", { name: "Terminal" }).click();
  await expect(rows(page)).toContainText("tabvisor:~#");
}

test("virsh completes, lists, converses and edits on libvirt's mock", async ({ page }) => {
  await open(page, "?connect=test:///default");
  await page.keyboard.type("virsh lis\t--al\t\n");
  await expect(rows(page)).toContainText(/1\s+test\s+running/);
  await page.keyboard.type("virsh\n");
  await expect(rows(page)).toContainText("Welcome to virsh");
  await page.keyboard.type("suspend te\t\n");
  await expect(rows(page)).toContainText("Domain 'test' suspended");
  await page.keyboard.type("edit test\n");
  const dialog = page.getByRole("dialog", { name: "Edit" });
  await expect(dialog.getByRole("textbox")).toHaveValue(/<domain type='test'/);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await panel(page).locator(".xterm").click();
  await page.keyboard.type("quit\n");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(rows(page)).toContainText("# virsh list --all");
  expect(await violations(page)).toEqual([]);
});

test("images are made and looked at, and a guest is started with its console", async ({ page }) => {
  test.setTimeout(90_000);
  await open(page, "");
  await page.keyboard.type("cd /var/lib/libvirt/images\n");
  await page.keyboard.type("qemu-img create -f qcow2 a.qcow2 1G\n");
  await expect(rows(page)).toContainText("Formatting 'a.qcow2'");
  await page.keyboard.type("qemu-img info a.qc\t\n");
  await expect(rows(page)).toContainText("virtual size: 1 GiB");
  await page.keyboard.type("clear\n");
  await page.keyboard.type("virsh pool-refresh default\n");
  await page.keyboard.type("virsh vol-list default\n");
  await expect(rows(page)).toContainText(/a\.qcow2\s+\/var\/lib\/libvirt\/images\/a\.qcow2/);

  await page.keyboard.type("virsh start 'Debian shell' --console\n");
  await expect(rows(page)).toContainText("root@tabvisor:~#", { timeout: 60_000 });
  await page.keyboard.type("echo gu$((1+1))est\n");
  await expect(rows(page)).toContainText("gu2est");
  await page.keyboard.press("Control+BracketRight");
  await page.keyboard.type("virsh domstate 'Debian shell'\n");
  await expect(rows(page)).toContainText("running");
  await page.keyboard.type("sleep\n");
  await expect(rows(page)).toContainText("sleep: command not found");
  await page.keyboard.type("virsh destroy 'Debian shell'\n");
  await expect(rows(page)).toContainText("Domain 'Debian shell' destroyed");

  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("Enter");
  await expect(panel(page)).toBeHidden();
});

test("virt-xml asks, virt-clone refuses, and virt-top draws until it is left", async ({ page }) => {
  await open(page, "?connect=test:///default");
  await page.keyboard.type("virt-xml test --edit --metadata title=Changed --confirm\n");
  await expect(rows(page)).toContainText("+  <title>Changed</title>");
  await expect(rows(page)).toContainText("Define 'test' with the changed XML? (y/n):");
  await page.keyboard.type("y\n");
  await expect(rows(page)).toContainText("Domain 'test' defined successfully.");
  await page.keyboard.type("virt-clone -o test --auto-clone\n");
  await expect(rows(page)).toContainText("ERROR    Domain to clone must be shutoff.");

  await page.keyboard.type("virt-top -d 1\n");
  await expect(rows(page)).toContainText("1 domains, 1 active, 1 running");
  await page.keyboard.type("2");
  await expect(rows(page)).toContainText(/RXBY TXBY RXPK TXPK DOMAIN\s+INTERFACE/);
  await expect(rows(page)).toContainText("testnet0");
  await page.keyboard.type("q");
  await expect(rows(page)).toContainText("ERROR    Domain to clone must be shutoff.");
  await page.keyboard.type("echo $?\n");
  await expect(rows(page)).toContainText(/echo \$\?\s*0/);
});

test("virt-install makes a guest on the page's own machines, with its console", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await open(page, "");
  const guest = "/usr/share/tabvisor/guests/shell";
  const boot =
    `kernel=${guest}/kernel,initrd=${guest}/initrd.cpio,` +
    `kernel_args="console=ttyS0 quiet cryptomgr.notests"`;
  await page.keyboard.type(
    `virt-install --name made --memory 256 --osinfo generic --disk none --import --boot '${boot}' ` +
      "--qemu-commandline='-M virt,aia=aplic'\n",
  );
  await expect(rows(page)).toContainText(/root@tabvisor:~# *$/, { timeout: 90_000 });
  await page.keyboard.type("dmesg | grep -o 'aplic.*: .* interrupts' | head -n 1\n");
  await expect(rows(page)).toContainText(/aplic.*\d+ interrupts/);
  await page.keyboard.press("Control+BracketRight");
  await page.keyboard.type("clear\n");
  await page.keyboard.type("virsh list --all\n");
  await expect(rows(page)).toContainText(/made\s+running/);
  await page.keyboard.type("virsh dump made made.core --memory-only\n");
  await expect(rows(page)).toContainText("Domain 'made' dumped to made.core");
  await page.keyboard.type("virsh screenshot made made.png\n");
  await expect(rows(page)).toContainText("with type of image/png");
  await page.keyboard.type("clear\n");
  await page.keyboard.type("ls -l\n");
  // 256 MiB and the notes; a picture.
  await expect(rows(page)).toContainText(/26\d{7} \S+ \S+ made\.core/);
  await expect(rows(page)).toContainText(/ [1-9]\d+ \S+ \S+ made\.png/);
  await page.keyboard.type("virt-clone -o made --auto-clone\n");
  await expect(rows(page)).toContainText("ERROR    Domain to clone must be shutoff.");
  await page.keyboard.type("virsh destroy made\n");
  await expect(rows(page)).toContainText("Domain 'made' destroyed");
  await page.keyboard.type("virt-clone -o made --auto-clone\n");
  await expect(rows(page)).toContainText("Clone 'made-clone' created successfully.");
  await page.keyboard.type("virt-xml made-clone --edit --vcpus 2\n");
  await expect(rows(page)).toContainText("Domain 'made-clone' defined successfully.");
});
