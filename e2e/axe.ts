/** What axe finds against WCAG 2.1 AA, in words that tell where. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

export async function violations(page: Page): Promise<string[]> {
  // A colour that is on its way to another has whatever contrast.
  await page.waitForFunction(() =>
    document.getAnimations().every((each) => !(each instanceof CSSTransition)),
  );
  const found = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`),
  );
}
