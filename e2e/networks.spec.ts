import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { choose, openOwn, openTest } from "./page.ts";

const NETWORKS = "connection/networks";

const state = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

test("a network tells its mode, addresses and users, and is stopped and started", async ({
  page,
}) => {
  await openTest(page, NETWORKS);
  const panel = page.getByRole("tabpanel", { name: "Details" });
  await expect(panel).toContainText("NAT");
  await expect(panel).toContainText("192.168.122.1/24");
  await expect(panel).toContainText("192.168.122.2 – 192.168.122.254");
  const actions = page.getByRole("group", { name: "Actions: default" });
  await actions.getByRole("button", { name: "Stop" }).click();
  await expect(state(page, "Inactive")).toBeVisible();
  await choose(page, "default", "Start by itself");
  await expect(panel.getByText("Starts by itself").locator("xpath=../..")).toContainText("Yes");
  await actions.getByRole("button", { name: "Start", exact: true }).click();
  await expect(state(page, "Active")).toBeVisible();
});

test("a network is made and checked while one types, changed as XML, and deleted", async ({
  page,
}) => {
  await openTest(page, NETWORKS);
  await page.getByRole("button", { name: "New network" }).click();
  const dialog = page.getByRole("dialog", { name: "New virtual network" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("lab");
  await dialog.getByRole("textbox", { name: "Network" }).fill("10.1.2.0/24");
  await expect(dialog.getByRole("textbox", { name: "First address" })).toHaveValue("10.1.2.128");
  await dialog.getByRole("textbox", { name: "Last address" }).fill("10.1.3.4");
  await expect(dialog).toContainText("is not entirely within network 10.1.2.1/24");
  await dialog.getByRole("textbox", { name: "Last address" }).fill("10.1.2.200");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: "lab" })).toBeVisible();
  await expect(page.getByText("10.1.2.128 – 10.1.2.200")).toBeVisible();
  await page.getByRole("tab", { name: "XML" }).click();
  const text = page.getByRole("textbox", { name: "Definition of lab" });
  await text.fill((await text.inputValue()).replace("mode='nat'", "mode='route'"));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("tabpanel", { name: "Details" })).toContainText("Routed");
  expect(await violations(page)).toEqual([]);
  await choose(page, "lab", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: "lab" })).toBeHidden();
});

test("where nothing carries frames, libvirt's refusal is shown", async ({ page }) => {
  await openOwn(page, NETWORKS);
  await page.getByRole("button", { name: "New network" }).click();
  const dialog = page.getByRole("dialog", { name: "New virtual network" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("lab");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("Starting network lab failed")).toBeVisible();
  await expect(page.getByText("not supported by the connection driver")).toBeVisible();
});
