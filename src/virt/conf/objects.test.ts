import { describe, expect, it } from "vitest";
import { formatXml } from "../xml/format.ts";
import { parseNetwork } from "./network/parse.ts";
import { parsePool, withPoolSizes } from "./pool/parse.ts";
import { parseSecret } from "./secret/parse.ts";
import { parseSnapshot } from "./snapshot/parse.ts";
import { parseVolume } from "./volume/parse.ts";

const CONTEXT = { newUuid: () => "dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566" };

describe("the XML of", () => {
  it("a pool gets its defaults, and its sizes while it is active", () => {
    const pool = parsePool(
      "<pool type='dir'><target><path>/var///lib//</path></target><name>p</name></pool>",
      CONTEXT,
    );
    expect(formatXml(pool)).toBe(`<pool type='dir'>
  <name>p</name>
  <uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>
  <capacity unit='bytes'>0</capacity>
  <allocation unit='bytes'>0</allocation>
  <available unit='bytes'>0</available>
  <source>
  </source>
  <target>
    <path>/var/lib</path>
  </target>
</pool>
`);
    const active = withPoolSizes(pool, { capacity: 10n, allocation: 4n, available: 6n });
    expect(formatXml(active)).toContain("<available unit='bytes'>6</available>");
    expect(formatXml(pool)).toContain("<available unit='bytes'>0</available>");
  });

  it("a pool is refused in libvirt's words", () => {
    const refused: [string, string][] = [
      ["<pool/>", "Missing required attribute 'type'"],
      ["<pool type='constructor'><name>a</name></pool>", "Invalid value for attribute 'type'"],
      ["<pool type='dir'/>", "missing pool source name element"],
      ["<pool type='dir'><name>a</name></pool>", "missing storage pool target path"],
      ["<pool type='fs'><name>a</name></pool>", "missing storage pool source device name"],
      ["<pool type='dir'><name>a/b</name></pool>", "name a/b cannot contain '/'"],
      [
        "<pool type='dir'><name>a</name><uuid>1</uuid><target><path>/a</path></target></pool>",
        "malformed uuid element",
      ],
    ];
    for (const [text, words] of refused) expect(() => parsePool(text, CONTEXT)).toThrow(words);
  });

  it("a volume has sizes in bytes, a format, and a mode in octal", () => {
    const text = `<volume><name>v</name><capacity unit='G'>5</capacity><allocation>1</allocation>
      <target><format type='qcow2'/><permissions><mode>600</mode><owner>-1</owner></permissions>
      <features><lazy_refcounts/></features></target></volume>`;
    expect(formatXml(parseVolume(text, { poolType: "dir" }))).toBe(`<volume type='file'>
  <name>v</name>
  <capacity unit='bytes'>5368709120</capacity>
  <allocation unit='bytes'>1</allocation>
  <target>
    <format type='qcow2'/>
    <permissions>
      <mode>0600</mode>
    </permissions>
    <compat>1.1</compat>
    <features>
      <lazy_refcounts/>
    </features>
  </target>
</volume>
`);
    const bad: [string, string][] = [
      ["<volume><capacity>1</capacity></volume>", "missing volume name element"],
      ["<volume><name>a</name></volume>", "missing capacity element"],
      ["<volume><name>a</name><capacity unit='E'>64</capacity></volume>", "value too large"],
      [
        "<volume><name>a</name><capacity>1</capacity><target><format type='x'/></target></volume>",
        "unsupported configuration: unknown volume format type x",
      ],
      [
        "<volume type='x'><name>a</name><capacity>1</capacity></volume>",
        "unsupported configuration: unknown volume type 'x'",
      ],
      [
        "<volume><name>a</name><capacity>1</capacity><target><features><x/></features></target></volume>",
        "unsupported configuration: unsupported feature x",
      ],
    ];
    for (const [each, words] of bad) {
      expect(() => parseVolume(each, { poolType: "dir" })).toThrow(words);
    }
  });

  it("a network has a bridge of its own where libvirt makes it", () => {
    const text =
      "<network><name>n</name><forward dev='e0'/><mac address='52:54:00:AA:BB:CC'/><ip address='10.0.0.1'/></network>";
    expect(formatXml(parseNetwork(text, CONTEXT))).toBe(`<network>
  <name>n</name>
  <uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>
  <forward dev='e0' mode='nat'>
    <interface dev='e0'/>
  </forward>
  <bridge stp='on' delay='0'/>
  <mac address='52:54:00:aa:bb:cc'/>
  <ip address='10.0.0.1'>
  </ip>
</network>
`);
    const dns = "<network><name>n</name><dns enable='no'><txt name='a'/></dns></network>";
    expect(() => parseNetwork(dns, CONTEXT)).toThrow("Extra data in disabled network 'n'");
  });

  it("a secret says what it is for", () => {
    const text = "<secret private='yes'><usage type='volume'><volume>/a</volume></usage></secret>";
    expect(formatXml(parseSecret(text, CONTEXT))).toContain(
      "<secret ephemeral='no' private='yes'>",
    );
    expect(() => parseSecret("<secret><usage type='tls'/></secret>", CONTEXT)).toThrow(
      "tls usage specified, but name is missing",
    );
  });

  it("a snapshot gets its time as name, and drops what only a stored one brings", () => {
    const fresh = parseSnapshot(
      "<domainsnapshot><state>paused</state></domainsnapshot>",
      { nowS: 7 },
      { redefine: false },
    );
    expect(formatXml(fresh)).toBe(`<domainsnapshot>
  <name>7</name>
  <creationTime>7</creationTime>
</domainsnapshot>
`);
    expect(() => parseSnapshot("<domainsnapshot/>", { nowS: 7 }, { redefine: true })).toThrow(
      "a redefined snapshot must have a name",
    );
    expect(() =>
      parseSnapshot(
        "<domainsnapshot><name>a</name></domainsnapshot>",
        { nowS: 7 },
        { redefine: true },
      ),
    ).toThrow("missing creationTime from existing snapshot");
    expect(() =>
      parseSnapshot(
        "<domainsnapshot><memory snapshot='external'/></domainsnapshot>",
        { nowS: 7 },
        { redefine: false },
      ),
    ).toThrow("external memory snapshots require a filename");
  });
});
