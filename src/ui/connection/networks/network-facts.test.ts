import { describe, expect, it } from "vitest";
import { parseXml } from "../../../virt/xml/parse.ts";
import { translator } from "../../i18n/catalogue.ts";
import { en } from "../../i18n/en.ts";
import { addressesOf, forwardText, networkUsers } from "./network-facts.ts";

const t = translator(en);
const network = (inner: string) => ({
  definition: parseXml(`<network><name>n</name>${inner}</network>`, "network"),
});

describe("a network's facts", () => {
  it.each([
    ["", "Isolated"],
    ["<forward/>", "NAT"],
    ["<forward mode='route' dev='eth0'/>", "Routed, to eth0"],
    ["<forward mode='vepa'/>", "vepa"],
  ])("forward %j as %s", (inner, text) => {
    expect(forwardText(network(inner), t)).toBe(text);
  });

  it("have addresses with their ranges and hosts", () => {
    const inner = `<ip address='192.168.122.1' netmask='255.255.252.0'><dhcp>
      <range start='192.168.122.2' end='192.168.122.9'/><host mac='52:54:00:00:00:01' ip='192.168.122.3'/>
      </dhcp></ip><ip family='ipv6' address='fd00::1' prefix='64'/>`;
    expect(addressesOf(network(inner))).toEqual([
      {
        address: "192.168.122.1/22",
        ranges: ["192.168.122.2 – 192.168.122.9"],
        hosts: ["192.168.122.3: 52:54:00:00:00:01"],
      },
      { address: "fd00::1/64", ranges: [], hosts: [] },
    ]);
  });

  it("are used by those who have an interface in it, also only just now", () => {
    const on = (name: string) =>
      parseXml(
        `<domain><devices><interface type='network'><source network='${name}'/></interface></devices></domain>`,
        "domain",
      );
    const domains = [
      { name: "a", definition: on("n"), live: null },
      { name: "b", definition: on("m"), live: on("n") },
      { name: "c", definition: on("m"), live: null },
    ] as unknown as Parameters<typeof networkUsers>[1];
    expect(networkUsers({ name: "n" }, domains).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});
