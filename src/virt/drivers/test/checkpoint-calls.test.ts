import { beforeEach, describe, expect, it } from "vitest";
import { type Connect, openConnect } from "../../driver/connect.ts";
import type { DomainRef } from "../../driver/refs.ts";
import {
  DomainCheckpointCreateFlags as Create,
  DomainCheckpointXMLFlags as Xml,
} from "../../driver/snapshot-flags.ts";
import { testDriver } from "./driver.ts";
import { fakePorts } from "./fake-ports.ts";

let connect: Connect;
let domain: DomainRef;
beforeEach(async () => {
  connect = await openConnect("test:///default", [testDriver(fakePorts())]);
  domain = await connect.domainLookupByName("test");
});

const xml = (name: string, rest = ""): string =>
  `<domaincheckpoint><name>${name}</name>${rest}</domaincheckpoint>`;

describe("checkpoints", () => {
  it("follow each other and have a bitmap for each disk", async () => {
    await connect.domainCheckpointCreateXML(domain, xml("a"), 0);
    const made = await connect.domainCheckpointCreateXML(domain, xml("b"), 0);
    expect(await connect.domainCheckpointGetXMLDesc(made, Xml.noDomain)).toBe(`<domaincheckpoint>
  <name>b</name>
  <parent>
    <name>a</name>
  </parent>
  <creationTime>1700000000</creationTime>
  <disks>
    <disk name='vda' checkpoint='bitmap' bitmap='b'/>
  </disks>
</domaincheckpoint>
`);
    expect((await connect.domainCheckpointGetParent(made, 0)).name).toBe("a");
    await connect.domainCheckpointDelete(made, 0);
    expect(await connect.domainListAllCheckpoints(domain, 0)).toHaveLength(1);
  });

  it("come back from their own XML, parents first", async () => {
    await connect.domainCheckpointCreateXML(domain, xml("a"), 0);
    const b = await connect.domainCheckpointCreateXML(domain, xml("b"), 0);
    const stored = await connect.domainCheckpointGetXMLDesc(b, 0);
    const other = await openConnect("test:///default", [testDriver(fakePorts())]);
    await expect(other.domainCheckpointCreateXML(domain, stored, Create.redefine)).rejects.toThrow(
      "parent a for moment b not found",
    );
  });

  it("are refused in libvirt's words", async () => {
    const refused: [string, string][] = [
      [xml("a/b"), "Extra element name in interleave"],
      [xml("a", "<disks><disk name='vdb'/></disks>"), "no disk named 'vdb'"],
      [xml("a", "<foo/>"), "Element domaincheckpoint has extra content: foo"],
    ];
    for (const [text, words] of refused) {
      await expect(connect.domainCheckpointCreateXML(domain, text, 0)).rejects.toThrow(words);
    }
    await expect(
      connect.domainCheckpointCreateXML(domain, xml("a"), Create.redefineValidate),
    ).rejects.toThrow(
      "Flag 'VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE' is required by flag 'VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE'",
    );
    await connect.domainSnapshotCreateXML(domain, "<domainsnapshot/>", 0);
    await expect(connect.domainCheckpointCreateXML(domain, xml("a"), 0)).rejects.toThrow(
      "cannot create checkpoint while snapshot exists",
    );
  });
});
