/** Files of the origin private file system, in each browser that is installed. */
import { expect, test } from "@playwright/test";
import {
  type Browser,
  type BrowserName,
  type BrowserPage,
  hasBrowser,
  launchBrowser,
} from "../src/host/node/browser-launch.ts";
import { serveStatic, type StaticServer } from "../src/host/node/static-server.ts";
import { doIn, killWorker } from "./opfs/workers.ts";

const PAGE = "opfs.html";
const ENGINES: readonly BrowserName[] = ["chromium", "firefox"];
const START_MS = 120_000;

let server: StaticServer;

test.describe.configure({ timeout: START_MS });

test.beforeAll(async () => {
  const page = new TextEncoder().encode("<!doctype html>");
  server = await serveStatic("dist", new Map([[PAGE, page]]));
});

test.afterAll(() => server.close());

for (const engine of ENGINES) {
  test.describe(engine, () => {
    test.skip(!hasBrowser(engine), `no ${engine} is installed`);
    let browser: Browser;
    let page: BrowserPage;

    test.beforeAll(async () => {
      browser = await launchBrowser(engine);
      page = await browser.newPage();
      await page.goto(server.origin + PAGE);
    });

    test.afterAll(() => browser.close());

    test("do random operations as an array of bytes does", async () => {
      expect(await doIn(page, "one", "mirror", false)).toEqual([]);
    });

    test("move bytes to and from shared memory", async () => {
      expect(await doIn(page, "one", "mirror", true)).toEqual([]);
    });

    test("survive the page", async () => {
      await doIn(page, "one", "write", { name: "kept", text: "words" });
      await page.goto(server.origin + PAGE);
      expect(await doIn(page, "one", "read", "kept")).toBe("words");
    });

    test("have one writer or many readers, in whatever worker", async () => {
      await doIn(page, "one", "write", { name: "x", text: "x" });
      const hold = (who: string, write: boolean) => doIn(page, who, "hold", { name: "x", write });
      expect(await hold("one", false)).toBe("ok");
      expect(await hold("two", false)).toBe("ok");
      expect(await hold("three", true)).toBe("EAGAIN");
      await doIn(page, "one", "letGo");
      await doIn(page, "two", "letGo");
      expect(await hold("three", true)).toBe("ok");
      expect(await hold("one", false)).toBe("EAGAIN");
      expect(await hold("two", true)).toBe("EAGAIN");
      await killWorker(page, "three");
      expect(await hold("two", true)).toBe("ok");
    });

    test("lie in directories, with POSIX's errors", async () => {
      expect(await doIn(page, "one", "directories")).toEqual({
        seen: ["directory b 0", "file f 100"],
        errors: {
          twice: "EEXIST",
          overFile: "EEXIST",
          orphan: "ENOENT",
          full: "ENOTEMPTY",
          missing: "ENOENT",
          isDirectory: "EISDIR",
          notDirectory: "ENOTDIR",
          noFile: "ENOENT",
        },
        move: "ok",
        moved: 100,
        gone: "ENOENT",
      });
    });
  });
}
