import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDeb822, parseOneLine } from "./apt-sources.ts";
import { findMirror } from "./mirror.ts";
import { proxyFor } from "./proxy.ts";

let apt = "";

beforeEach(() => {
  apt = mkdtempSync(join(tmpdir(), "guests-apt-"));
  mkdirSync(join(apt, "sources.list.d"));
});
afterEach(() => rmSync(apt, { recursive: true }));

function source(name: string, text: string): void {
  writeFileSync(join(apt, name), text);
}

test("DEBIAN_MIRROR comes first and gets its slash", () => {
  source("sources.list", "deb http://apt.example/debian trixie main\n");
  expect(findMirror({ DEBIAN_MIRROR: "http://my.example/debian" }, apt).href).toBe(
    "http://my.example/debian/",
  );
});

test("a DEBIAN_MIRROR that is no address is named in the error", () => {
  expect(() => findMirror({ DEBIAN_MIRROR: "my.example/debian" }, apt)).toThrow(
    '"my.example/debian"',
  );
});

test("the main archive is found in deb822 files, whatever suite the machine runs", () => {
  source(
    "sources.list.d/debian.sources",
    [
      "# a comment",
      "Types: deb deb-src",
      "URIs: http://security.example/debian-security",
      "Suites: bookworm-security",
      "Components: main",
      "",
      "Enabled: no",
      "Types: deb",
      "URIs: http://off.example/debian",
      "Suites: bookworm",
      "Components: main",
      "",
      "Types: deb",
      "URIs: http://on.example/debian",
      "Suites: bookworm",
      " bookworm-updates",
      "Components: main contrib",
    ].join("\n"),
  );
  expect(findMirror({}, apt).href).toBe("http://on.example/debian/");
});

test("the main archive is found in one-line files with options", () => {
  source(
    "sources.list",
    [
      "# deb http://commented.example/debian sid main",
      "deb-src http://source.example/debian sid main",
      "deb http://other.example/node_20.x nodistro main",
      "deb [arch=amd64 signed-by=/k.gpg] https://one.example/debian/ sid main # why",
    ].join("\n"),
  );
  expect(findMirror({}, apt).href).toBe("https://one.example/debian/");
});

test("a mirror list of a cloud image is followed", () => {
  const list = join(apt, "debian.list");
  source("debian.list", "https://list.example/debian\n");
  source(
    "sources.list.d/d.sources",
    `Types: deb\nURIs: mirror+file://${list}\nSuites: trixie\nComponents: main\n`,
  );
  expect(findMirror({}, apt).href).toBe("https://list.example/debian/");
});

test("another distribution's archive is not taken for Debian's", () => {
  source("sources.list", "deb http://archive.example/ubuntu noble main universe\n");
  expect(() => findMirror({}, apt)).toThrow("set the environment variable DEBIAN_MIRROR");
  expect(() => findMirror({}, join(apt, "missing"))).toThrow("DEBIAN_MIRROR");
});

test("sources are parsed in order with all combinations", () => {
  expect(parseDeb822("Types: deb\nURIs: a: b:\nSuites: x y\nComponents: main")).toHaveLength(4);
  expect(parseDeb822("Types: deb-src\nURIs: a:\nSuites: x\nComponents: main")).toEqual([]);
  expect(parseOneLine("deb cdrom:[Debian 13]/ trixie main")).toHaveLength(1);
});

test("proxies are found as curl and apt find them", () => {
  const http = new URL("http://deb.example/debian/");
  const env = { http_proxy: "http://proxy.example:3128", no_proxy: "localhost,.local.example" };
  expect(proxyFor(http, env)?.host).toBe("proxy.example:3128");
  expect(proxyFor(new URL("https://deb.example/"), env)).toBeNull();
  expect(proxyFor(new URL("http://a.local.example/"), env)).toBeNull();
  expect(proxyFor(http, { HTTP_PROXY: "proxy.example:80" })?.hostname).toBe("proxy.example");
  expect(proxyFor(http, { all_proxy: "http://p.example", no_proxy: "*" })).toBeNull();
  expect(proxyFor(http, {})).toBeNull();
});
