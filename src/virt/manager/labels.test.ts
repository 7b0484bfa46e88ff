import { beforeEach, describe, expect, it } from "vitest";
import { vmError } from "../../protocol/vm-error.ts";
import { type Connect, openConnect } from "../driver/connect.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { parseXml } from "../xml/parse.ts";
import { type Labels, labelsOf, setLabels } from "./labels.ts";
import { lookAtDomain } from "./look.ts";
import type { ManagedDomain } from "./objects.ts";

const WANTED: Labels = {
  title: "The <web> server",
  description: "Two\nlines",
  group: "web & more",
  tags: ["a", "b c"],
};
const NONE: Labels = { title: "", description: "", group: "", tags: [] };

let connect: Connect;

beforeEach(async () => {
  const driver = testDriver(fakePorts());
  connect = await openConnect("test:///default", [driver]);
});

async function look(): Promise<ManagedDomain> {
  const [ref] = await connect.connectListAllDomains(0);
  return lookAtDomain(connect, ref?.uuid ?? "");
}

/** A driver without metadata calls. */
function withoutMetadata(): Connect {
  return new Proxy(connect, {
    get: (target, property) =>
      property === "domainSetMetadata"
        ? () => Promise.reject(vmError("noSupport", "virDomainSetMetadata"))
        : Reflect.get(target, property),
  });
}

describe("labels", () => {
  it("are written to what runs and what is kept, and taken away again", async () => {
    await setLabels(connect, await look(), WANTED);
    const domain = await look();
    expect(labelsOf(domain.definition)).toEqual(WANTED);
    expect(domain.live && labelsOf(domain.live)).toEqual(WANTED);
    await setLabels(connect, domain, NONE);
    expect(labelsOf((await look()).definition)).toEqual(NONE);
    const xml = await connect.domainGetXMLDesc(domain.ref, 2);
    expect(xml).not.toMatch(/metadata|title|description/);
  });

  it("are defined anew where the driver has no call for them, beside what others keep", async () => {
    const other = "<o:note xmlns:o='urn:other'>x</o:note>";
    await connect.domainSetMetadata((await look()).ref, 2, "<note>x</note>", "o", "urn:other", 2);
    await setLabels(withoutMetadata(), await look(), WANTED);
    const { definition, ref } = await look();
    expect(labelsOf(definition)).toEqual(WANTED);
    const xml = await connect.domainGetXMLDesc(ref, 2);
    expect(xml.replaceAll('"', "'")).toContain(other);
    await setLabels(withoutMetadata(), await look(), NONE);
    expect(labelsOf((await look()).definition)).toEqual(NONE);
  });

  it("are read whatever the prefix is", () => {
    const own = "https://tabvisor.dev/xmlns/domain/1.0";
    const read = (metadata: string): Labels =>
      labelsOf(parseXml(`<domain><metadata>${metadata}</metadata></domain>`, "domain"));
    const expected = { ...NONE, group: "g", tags: ["t"] };
    expect(
      read(`<labels xmlns='${own}'><group> g </group><tag>t</tag><tag>t</tag><tag/></labels>`),
    ).toEqual(expected);
    expect(
      read(`<x:labels xmlns:x='${own}'><x:tag>t</x:tag><x:group>g</x:group></x:labels>`),
    ).toEqual(expected);
    expect(read(`<labels xmlns='urn:other'><tag>t</tag></labels>`)).toEqual(NONE);
  });
});
