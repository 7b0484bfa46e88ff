import { describe, expect, it } from "vitest";
import { translator } from "../i18n/catalogue.ts";
import { en } from "../i18n/en.ts";
import { formatBytes, formatCount, formatDuration, formatShort } from "./format.ts";

const t = translator(en);

describe("numbers for people", () => {
  it.each([
    [5, "5 B"],
    [2048, "2 KiB"],
    [256 * 2 ** 20, "256 MiB"],
    [1.5 * 2 ** 30, "1.5 GiB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes, t)).toBe(text);
  });

  it.each([
    [7999, "0:07"],
    [720_000, "12:00"],
    [3_723_000, "1:02:03"],
  ])("%d ms are %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("counts have their digits grouped", () => {
    expect(formatCount(1_234_567.8, "en")).toBe("1,234,568");
  });

  it("long counts are cut to four figures", () => {
    expect(formatShort(0, "en")).toBe("0");
    expect(formatShort(0.25, "en")).toBe("0.25");
    expect(formatShort(123_456_789, "en")).toBe("123.5M");
    expect(formatShort(123_456_789, "zh-Hans")).toBe("1.235亿");
  });
});
