import { describe, expect, it } from "vitest";
import { parseNetwork } from "./parse.ts";
import { parseIp } from "./ip-address.ts";

const context = { newUuid: () => "11111111-2222-3333-4444-555555555555" };
const parse = (ip: string) => parseNetwork(`<network><name>n</name>${ip}</network>`, context);
const range = (start: string, end: string, at = "address='192.168.122.1' prefix='24'") =>
  `<ip ${at}><dhcp><range start='${start}' end='${end}'/></dhcp></ip>`;

describe("addresses", () => {
  it.each([
    ["192.168.122.1", "ipv4", 0xc0a87a01n],
    ["10.0.1", "ipv4", 0x0a000001n],
    ["::1", "ipv6", 1n],
    ["fd00::", "ipv6", 0xfd00n << 112n],
    ["1:2:3:4:5:6:7:8", "ipv6", 0x00010002000300040005000600070008n],
    ["::ffff:10.0.0.1", "ipv6", 0xffff0a000001n],
  ])("%s is of %s", (text, family, value) => {
    expect(parseIp(text)).toEqual({ family, value });
  });

  it.each([
    "",
    "1.2.3.",
    "1.2.3.256",
    "256.1",
    "1:2:3",
    ":::",
    "1::2::3",
    "g::1",
    "1:2:3:4:5:6:7:8:9",
  ])("%j is none", (text) => {
    expect(parseIp(text)).toBeNull();
  });
});

describe("a network's addresses", () => {
  it.each([
    "<ip address='10.0.0.1'/>",
    "<ip family='ipv4' address='192.168.1.1' netmask='255.255.255.0'/>",
    range("192.168.122.2", "192.168.122.254"),
    range("10.0.0.2", "10.0.255.254", "address='10.0.0.1' netmask='255.0.0.0'"),
    range("fd00::2", "fd00::ff", "family='ipv6' address='fd00::1' prefix='64'"),
  ])("%s are taken, as libvirt does", (ip) => {
    expect(() => parse(ip)).not.toThrow();
  });

  it.each<[string, string]>([
    ["<ip/>", "XML error: Missing required address attribute in network 'n'"],
    ["<ip address='ten'/>", "XML error: Invalid address 'ten' in network 'n'"],
    ["<ip address='10.0.0.1' netmask='no'/>", "XML error: Invalid netmask 'no' in network 'n'"],
    [
      "<ip address='fd00::1'/>",
      "unsupported configuration: no family specified for non-IPv4 address 'fd00::1' in network 'n'",
    ],
    [
      "<ip family='ipv6' address='10.0.0.1'/>",
      "unsupported configuration: Family 'ipv6' specified for non-IPv6 address '10.0.0.1' in network 'n'",
    ],
    [
      "<ip family='ipx' address='10.0.0.1'/>",
      "XML error: Unrecognized family 'ipx' in network 'n'",
    ],
    [
      "<ip address='10.0.0.1' netmask='255.0.0.0' prefix='8'/>",
      "unsupported configuration: Network 'n' IP address cannot have both a prefix and a netmask",
    ],
    [
      "<ip address='10.0.0.1' prefix='33'/>",
      "unsupported configuration: Invalid IPv4 prefix '33' in network 'n'",
    ],
    [
      range("192.168.122.2", "192.168.123.9"),
      "internal error: range 192.168.122.2 - 192.168.123.9 is not entirely within network 192.168.122.1/24",
    ],
    [
      range("192.168.122.0", "192.168.122.9"),
      "internal error: start of range 192.168.122.0 - 192.168.122.9 in network 192.168.122.1/24 is the network address",
    ],
    [
      range("192.168.122.9", "192.168.122.255"),
      "internal error: end of range 192.168.122.9 - 192.168.122.255 in network 192.168.122.1/24 is the broadcast address",
    ],
    [
      range("192.168.122.9", "192.168.122.2"),
      "internal error: range 192.168.122.9 - 192.168.122.2 is reversed ",
    ],
    [
      range("10.1.0.2", "10.2.0.2", "address='10.0.0.1'"),
      "internal error: range 10.1.0.2 - 10.2.0.2 is too large (> 65535)",
    ],
    [
      range("nowhere", "192.168.122.2"),
      "Cannot parse socket address 'nowhere': Name or service not known",
    ],
  ])("%s are refused in its words", (ip, words) => {
    expect(() => parse(ip)).toThrow(words);
  });
});
