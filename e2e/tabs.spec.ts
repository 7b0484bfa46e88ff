import { expect, test } from "@playwright/test";
import { prefer } from "./page.ts";

const NAME = "Debian shell";
const PROMPT = /root@tabvisor:~#/;

test("a second tab shows and controls the machines of the first, and takes over when it goes", async ({
  context,
}) => {
  test.setTimeout(90_000);
  const first = await context.newPage();
  await prefer(first);
  await first.goto("/");
  await first.getByRole("link", { name: NAME, exact: true }).click();
  await first.getByRole("button", { name: "Run", exact: true }).first().click();
  const rows = (page: typeof first) =>
    page.getByRole("region", { name: /^Console ttyS0/ }).locator(".xterm-rows");
  await expect(rows(first)).toContainText(PROMPT, { timeout: 60_000 });

  const second = await context.newPage();
  await prefer(second);
  await second.goto(first.url());
  await expect(first.getByText("The console is in use somewhere else")).toBeVisible();
  await second.getByRole("region", { name: /^Console ttyS0/ }).click();
  await second.keyboard.type("echo so$((40+2))\n");
  await expect(rows(second)).toContainText("so42");

  await first.bringToFront();
  await first.getByRole("button", { name: "Show it here" }).click();
  await first.keyboard.type("echo back$((1+1))\n");
  await expect(rows(first)).toContainText("back2");

  // Its machines end with it; the second tab is the host then.
  await first.close({ runBeforeUnload: false });
  await expect(second.getByText("The tab that ran the machines was closed")).toBeVisible();
  await expect(second.getByText(`${NAME} is shut off`)).toBeVisible();
  await second.getByRole("button", { name: "Close this message" }).click();
  await second.getByRole("button", { name: /^Run/ }).first().click();
  await expect(rows(second)).toContainText(PROMPT, { timeout: 60_000 });
});
