/** Waiting for a guest for as long as it does something: a computer that others use too is slow. */
import type { Page } from "@playwright/test";
import { screen, type } from "./page.ts";

/** A guest that shows, loads and computes nothing for so long stands still. */
const STANDSTILL_MS = 120_000;
/** An idle guest's timers are below these, one at work is above at least one of them. */
const IDLE_MIPS = 5;
const IDLE_PERCENT = 10;
const LOOK_MS = 500;
/** For the answer to a magic key. */
const ANSWER_MS = 10_000;

/**
 * Waits until the console shows `says`.
 *
 * @throws Error when the guest stands still before, with what its kernel says of tasks that wait
 */
export async function appears(page: Page, says: RegExp): Promise<void> {
  let before = "";
  let moved = Date.now();
  for (;;) {
    const text = await screen(page).innerText();
    if (says.test(text)) return;
    if (text !== before || (await isBusy(page))) moved = Date.now();
    before = text;
    if (Date.now() - moved > STANDSTILL_MS) throw await standstill(page, says, text);
    await page.waitForTimeout(LOOK_MS);
  }
}

/** By the line below the console. */
async function isBusy(page: Page): Promise<boolean> {
  const status = (await page.locator(".tv-status").innerText()).replaceAll(",", "");
  const mips = Number(/(\d+)\s*MIPS/.exec(status)?.[1] ?? 0);
  const percent = Number(/(\d+)\s*%/.exec(status)?.[1] ?? 0);
  return mips >= IDLE_MIPS || percent >= IDLE_PERCENT;
}

async function standstill(page: Page, says: RegExp, before: string): Promise<Error> {
  const status = await page.locator(".tv-status").innerText();
  await page.getByRole("button", { name: "Send key" }).click();
  await page.getByRole("menuitem", { name: /break/i }).first().click();
  await type(page, "w");
  await page.waitForTimeout(ANSWER_MS);
  const after = await screen(page).innerText();
  const answer = after === before ? "It answers no magic key." : `To SysRq-w it says:\n${after}`;
  return new Error(`no ${says}; the guest stands still (${status}):\n${before}\n${answer}`);
}
