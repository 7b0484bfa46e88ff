import { expect, it } from "vitest";
import { parseXml } from "../../xml/parse.ts";
import { extraArguments } from "./extra-arguments.ts";

const domain = (args: string) =>
  parseXml(
    `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>${args}</domain>`,
    "domain_definition",
  );
const withArgs = (...words: readonly string[]) =>
  domain(
    `<qemu:commandline>${words.map((word) => `<qemu:arg value='${word}'/>`).join("")}</qemu:commandline>`,
  );

it.each([
  [["-M", "virt,aia=aplic-imsic"], { aia: "aplic-imsic" }],
  [["-machine", "aia=aplic"], { aia: "aplic" }],
  [["-M", "virt"], {}],
  [["-M", "aia=aplic", "-M", "aia=none"], { aia: "none" }],
])("%j are %j", (words, found) => {
  expect(extraArguments(withArgs(...words))).toEqual(found);
});

it("are none where there are none", () => {
  expect(extraArguments(domain(""))).toEqual({});
});

it.each([
  [["-cpu", "max"], "argument '-cpu'"],
  [["-M", "virt,acpi=on"], "machine property 'acpi=on'"],
  [["-M", "aia=gic"], "'aia=gic'"],
])("%j are refused: the machine does not have them", (words, what) => {
  expect(() => extraArguments(withArgs(...words))).toThrow(
    `unsupported configuration: ${what} of qemu:commandline is not supported by this machine`,
  );
});

it("refuse variables of QEMU's environment", () => {
  const env = "<qemu:commandline><qemu:env name='A' value='b'/></qemu:commandline>";
  expect(() => extraArguments(domain(env))).toThrow("environment variable 'A'");
});
