/** Nothing keeps anybody out of a view: any in the dark, and in the light those that no other file looks at. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { openTest, TEST_UUID } from "./page.ts";

interface View {
  readonly name: string;
  readonly path: string;
  /** Is there once the view is whole. */
  readonly whole: (page: Page) => Locator;
  /** Other files look at it in the light. */
  readonly isSeenElsewhere?: true;
}

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name, exact: true });
const dialog = (name: string) => (page: Page) => page.getByRole("dialog", { name });

const VIEWS: readonly View[] = [
  {
    name: "the manager",
    path: "",
    whole: (page) => page.getByRole("link", { name: "test", exact: true }),
    isSeenElsewhere: true,
  },
  {
    name: "the wizard",
    path: "new",
    whole: dialog("Create a new virtual machine"),
    isSeenElsewhere: true,
  },
  { name: "the preferences", path: "preferences", whole: dialog("Preferences") },
  {
    name: "a machine's console",
    path: `vms/${TEST_UUID}/console`,
    whole: heading("test"),
    isSeenElsewhere: true,
  },
  {
    name: "a machine's details",
    path: `vms/${TEST_UUID}/details/overview`,
    whole: (page) => page.getByRole("button", { name: "Apply" }),
    isSeenElsewhere: true,
  },
  {
    name: "a machine's performance",
    path: `vms/${TEST_UUID}/performance`,
    whole: (page) => page.getByText("CPU usage").first(),
  },
  {
    name: "the connection's overview",
    path: "connection/overview",
    whole: (page) => page.getByText("test:///default").first(),
  },
  {
    name: "the connection's capabilities",
    path: "connection/overview/-/capabilities",
    whole: (page) => page.getByText("<capabilities>").first(),
  },
  {
    name: "its storage",
    path: "connection/storage",
    whole: heading("default-pool"),
    isSeenElsewhere: true,
  },
  {
    name: "its networks",
    path: "connection/networks",
    whole: heading("default"),
    isSeenElsewhere: true,
  },
  {
    name: "what the browser can do",
    path: "connection/host",
    whole: (page) => page.getByText("WebAssembly").first(),
    isSeenElsewhere: true,
  },
];

const expectDark = (page: Page): Promise<void> =>
  expect(page.locator("html")).toHaveClass(/pf-v6-theme-dark/);

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    const views = VIEWS.filter((view) => colorScheme === "dark" || !view.isSeenElsewhere);
    for (const { name, path, whole } of views) {
      test(`of ${name}`, async ({ page }) => {
        await openTest(page, path);
        await expect(whole(page)).toBeVisible();
        if (colorScheme === "dark") await expectDark(page);
        expect(await violations(page)).toEqual([]);
      });
    }
  });
}

test.describe("in the dark", () => {
  test.use({ colorScheme: "dark" });

  test("of the terminal", async ({ page }) => {
    await openTest(page);
    await expectDark(page);
    await page.getByRole("button", { name: "Terminal" }).click();
    const terminal = page.getByRole("region", { name: "Terminal", exact: true });
    await expect(terminal.locator(".xterm-rows")).toContainText("tabvisor:~#");
    expect(await violations(page)).toEqual([]);
  });
});
