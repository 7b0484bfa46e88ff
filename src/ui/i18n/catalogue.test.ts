import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Catalogue, translator } from "./catalogue.ts";
import { en } from "./en.ts";
import { preferredLanguage } from "./languages.ts";
import { zhHans } from "./zh-hans.ts";

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

describe.each<[string, Catalogue]>([
  ["en", en],
  ["zh-Hans", zhHans],
])("the messages in %s", (_, catalogue) => {
  const messages = Object.entries(catalogue);

  it("have the keys of the English ones", () => {
    expect(messages.map(([key]) => key).sort()).toEqual(Object.keys(en).sort());
  });

  it("have the placeholders of the English texts", () => {
    const wrong = messages.filter(
      ([key, text]) =>
        text.trim() === "" ||
        placeholders(text).join() !== placeholders(en[key as keyof typeof en]).join(),
    );
    expect(wrong).toEqual([]);
  });
});

describe("a translator", () => {
  it("puts arguments into their places", () => {
    const t = translator(en);
    expect(t("console.findCount", { index: 2, count: 7 })).toBe("2 of 7");
    expect(t("app.name")).toBe("Tabvisor");
  });
});

describe("the language", () => {
  it.each([
    [["zh-TW", "en"], "zh-Hans"],
    [["fr", "zh-CN"], "zh-Hans"],
    [["en-GB", "zh"], "en"],
    [["de"], "en"],
    [[], "en"],
  ])("for %j is %s", (wanted, language) => {
    expect(preferredLanguage(wanted)).toBe(language);
  });
});

/** All of the page's sources but the catalogues and the tests. */
function sources(): string {
  const root = join(import.meta.dirname, "..");
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      /\.tsx?$/.test(entry.name) &&
      !/\.test\.tsx?$/.test(entry.name) &&
      entry.parentPath !== import.meta.dirname,
  );
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");
}

it("no key stands in two catalogues: one would hide the other", () => {
  const keys = readdirSync(import.meta.dirname)
    .filter((file) => /^en(?:-.*)?\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(/^ {2}"([^"]+)":/gm),
    ])
    .map(([, key]) => key);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

it("every message is used", () => {
  const text = sources();
  // `verb.${verb}`: all keys of that form are, with one word there.
  const forms = [...text.matchAll(/`([\w.-]+)\$\{[^}]*\}([\w.-]*)`/g)].map(
    ([, before = "", after = ""]) =>
      new RegExp(`^${before.replaceAll(".", "\\.")}[\\w-]+${after.replaceAll(".", "\\.")}$`),
  );
  const unused = Object.keys(en).filter(
    (key) => !text.includes(`"${key}"`) && !forms.some((form) => form.test(key)),
  );
  expect(unused).toEqual([]);
});
