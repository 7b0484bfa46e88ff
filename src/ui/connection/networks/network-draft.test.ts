import { describe, expect, it } from "vitest";
import { formatXml } from "../../../virt/xml/format.ts";
import {
  networkDefinition,
  type NetworkDraft,
  networkProblems,
  usualRange,
} from "./network-draft.ts";

const DRAFT: NetworkDraft = {
  name: "lab",
  mode: "nat",
  domain: "lab.example",
  ipv4: true,
  cidr: "192.168.100.0/24",
  dhcp: true,
  start: "192.168.100.128",
  end: "192.168.100.254",
};

const xmlOf = (change: Partial<NetworkDraft>): string =>
  formatXml(networkDefinition({ ...DRAFT, ...change }));

describe("a new network's definition", () => {
  it("is libvirt's XML; the host has the first address", () => {
    expect(xmlOf({})).toBe(`<network>
  <name>lab</name>
  <forward mode='nat'/>
  <domain name='lab.example'/>
  <ip address='192.168.100.1' prefix='24'>
    <dhcp>
      <range start='192.168.100.128' end='192.168.100.254'/>
    </dhcp>
  </ip>
</network>
`);
  });

  it("leaves out what is not wanted", () => {
    const xml = xmlOf({ mode: "isolated", domain: " ", dhcp: false });
    expect(xml).not.toMatch(/forward|domain|dhcp/);
    expect(xmlOf({ ipv4: false })).not.toContain("<ip");
  });
});

describe("the usual range", () => {
  it("is the network's second half", () => {
    expect(usualRange("192.168.100.0/24")).toEqual({
      start: "192.168.100.128",
      end: "192.168.100.254",
    });
    expect(usualRange("10.0.0.0/8")).toBeNull();
    expect(usualRange("nothing")).toBeNull();
  });
});

describe("what libvirt says of a new network", () => {
  const problems = (change: Partial<NetworkDraft>) => networkProblems({ ...DRAFT, ...change });

  it("is nothing of a good one", () => {
    expect(problems({})).toEqual({});
    expect(problems({ ipv4: false, cidr: "nonsense" })).toEqual({});
    expect(problems({ dhcp: false, start: "nonsense" })).toEqual({});
  });

  it.each<[Partial<NetworkDraft>, object]>([
    [{ name: "" }, { name: expect.stringMatching(/name/) }],
    [{ name: "a/b" }, { name: "XML error: name a/b cannot contain '/'." }],
    [
      { cidr: "192.168.100.0" },
      { cidr: expect.stringContaining("Invalid value for attribute 'prefix'") },
    ],
    [
      { cidr: "nowhere/24" },
      { cidr: "XML error: Invalid address 'nowhere' in network 'network'." },
    ],
    [{ cidr: "10.0.0.0/40" }, { cidr: expect.stringContaining("Invalid IPv4 prefix '40'") }],
    [
      { end: "192.168.101.4" },
      { range: expect.stringContaining("is not entirely within network 192.168.100.1/24") },
    ],
  ])("with %j is %j", (change, expected) => {
    expect(problems(change)).toEqual(expected);
  });
});
