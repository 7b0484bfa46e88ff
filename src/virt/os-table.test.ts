import { describe, expect, test } from "vitest";
import { findOs, genericLinuxNames, osById, osByName, osNames, releasesOf } from "./os-table.ts";

describe("operating systems", () => {
  test("are found by name, by nickname and by identifier", () => {
    expect(osByName("debian13")).toBe(osByName("debiantrixie"));
    expect(osById("http://ubuntu.com/ubuntu/24.04").codename).toBe("noble");
    expect(findOs("nosuch")).toBeUndefined();
    expect(() => osByName("nosuch")).toThrow(
      "Unknown OS name 'nosuch'. See `--osinfo list` for valid values.",
    );
    expect(() => osById("http://x")).toThrow("Unknown libosinfo ID 'http://x'");
  });

  test("have names of their own", () => {
    const all = osNames().flatMap((line) => line.split(", "));
    expect(new Set(all).size).toBe(all.length);
  });

  test("are listed by name, the newest of a series first", () => {
    const names = osNames();
    const places = ["alpinelinux3.22", "debian13, debiantrixie", "debiantesting", "fedora42"].map(
      (name) => names.indexOf(name),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(releasesOf("debian")[0]?.name).toBe("debian13");
  });

  test("that stand for all of a year are known as such", () => {
    expect(genericLinuxNames()).toContain("linux2024");
    expect(genericLinuxNames()).not.toContain("debian13");
  });
});
