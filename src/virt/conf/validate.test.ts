import { expect, it } from "vitest";
import { parseXml } from "../xml/parse.ts";
import { DOMAIN_ORDER } from "./domain/order.ts";
import { validate } from "./validate.ts";

const check =
  (inside: string, root = "domain") =>
  (): void =>
    validate(parseXml(`<${root} type='qemu'>${inside}</${root}>`, "x"), DOMAIN_ORDER, "domain");

const WORDS =
  "XML document failed to validate against schema: " +
  "Unable to validate doc against /usr/share/libvirt/schemas/domain.rng\n";

it("known names are taken, and those of other namespaces", () => {
  expect(
    check(`<name>a</name><devices><disk type='file'><target dev='sda'/></disk></devices>
      <metadata><k:m xmlns:k='urn:k' any='1'/></metadata><x xmlns='urn:x'/>`),
  ).not.toThrow();
});

// As real libvirt says it.
it.each([
  ["<foo/>", "Element domain has extra content: foo"],
  [
    "<devices><disk type='file' bad='1'/></devices>",
    "Extra element devices in interleave\nElement domain failed to validate content",
  ],
  [
    "<devices><disk><driver/><bar/></disk></devices>",
    "Extra element devices in interleave\nElement domain failed to validate content",
  ],
])("%s is refused", (inside, why) => {
  expect(check(inside)).toThrow(WORDS + why);
});

it("another document is refused", () => {
  expect(check("", "network")).toThrow("Expecting element domain, got network");
});
