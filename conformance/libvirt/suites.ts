/** libvirt's own XML tests: which files a suite has, and what is expected of each. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDomain } from "../../src/virt/conf/domain/parse.ts";
import { parseNetwork } from "../../src/virt/conf/network/parse.ts";
import { parsePool } from "../../src/virt/conf/pool/parse.ts";
import { parseSecret } from "../../src/virt/conf/secret/parse.ts";
import { parseSnapshot } from "../../src/virt/conf/snapshot/parse.ts";
import { parseVolume } from "../../src/virt/conf/volume/parse.ts";
import { formatXml } from "../../src/virt/xml/format.ts";

/** One file of a suite. */
export interface XmlCase {
  readonly name: string;
  /** The pool that a volume is for. */
  readonly pool?: string;
  readonly input: string;
  /** Null where the input must be refused. */
  readonly expected: string | null;
}

export interface Suite {
  readonly name: string;
  /** The program of libvirt that lists the cases. */
  readonly list: string;
  readonly inputs: string;
  readonly outputs: string;
  /** What our code makes of an input. @throws VmError where it is refused */
  canonical(text: string, each: { readonly name: string; readonly pool?: string }): string;
}

const UUID = "00000000-0000-0000-0000-000000000000";
const OBJECT = { newUuid: () => UUID };

/** What libvirt's tests take as the host: hyperv's guests are 64-bit ones. */
function domain(text: string): string {
  const context = {
    virtTypes: [],
    defaultArch: text.includes("type='hyperv'") ? "x86_64" : "i686",
    newUuid: () => UUID,
    newMac: () => "52:54:00:00:00:00",
  };
  return formatXml(parseDomain(text, context, { inactive: false }));
}

export const SUITES: readonly Suite[] = [
  {
    name: "genericxml2xml",
    list: "genericxml2xmltest.c",
    inputs: "genericxml2xmlindata",
    outputs: "genericxml2xmloutdata",
    canonical: domain,
  },
  {
    name: "storagepool",
    list: "storagepoolxml2xmltest.c",
    inputs: "storagepoolxml2xmlin",
    outputs: "storagepoolxml2xmlout",
    canonical: (text) => formatXml(parsePool(text, OBJECT)),
  },
  {
    name: "storagevol",
    list: "storagevolxml2xmltest.c",
    inputs: "storagevolxml2xmlin",
    outputs: "storagevolxml2xmlout",
    canonical: (text, { pool = "pool-dir", name }) =>
      formatXml(
        parseVolume(text, {
          poolType: pool.replace("pool-", ""),
          capacityOptional: name.includes("nocapacity"),
        }),
      ),
  },
  {
    name: "network",
    list: "networkxml2xmltest.c",
    inputs: "networkxml2xmlin",
    outputs: "networkxml2xmlout",
    canonical: (text) => formatXml(parseNetwork(text, OBJECT)),
  },
  {
    name: "secret",
    list: "secretxml2xmltest.c",
    inputs: "secretxml2xmlin",
    outputs: "secretxml2xmlin",
    canonical: (text) => formatXml(parseSecret(text, OBJECT)),
  },
];

const CASE = /^\s*DO_TEST(\w*)\((?:"(pool-[\w-]+)",\s*)?"([\w.+-]+)"/gm;

const SNAPSHOT =
  /^\s*DO_TEST_(IN|OUT|INOUT)\("([\w+-]+)",\s*(?:"([^"]*)"|NULL)(?:,\s*(\d+))?(?:,\s*(TEST_RUNNING))?/gm;

/** The snapshots' cases: stored ones come back as they are, new ones get their time. */
export function snapshotCases(folder: string): (XmlCase & { readonly canonical: string })[] {
  const list = readFileSync(join(folder, "qemudomainsnapshotxml2xmltest.c"), "utf8");
  return [...list.matchAll(SNAPSHOT)].map(([, kind, name = "", domainUuid, time, running]) => {
    const of = (direction: "in" | "out"): string =>
      join(folder, `qemudomainsnapshotxml2xml${direction}`, `${name}.xml`);
    const input = of(kind === "OUT" ? "out" : "in");
    const expected = of(kind === "IN" ? "in" : "out");
    const context = {
      nowS: kind === "INOUT" ? Number(time) : 0,
      ...(domainUuid === undefined ? {} : { domainUuid }),
    };
    const text = readFileSync(input, "utf8");
    const made = formatXml(parseSnapshot(text, context, { redefine: kind === "OUT" }));
    // What libvirt's driver, and not its parser, gives a snapshot is left out, or added by the test.
    const canonical = made
      .replace("  <creationTime>0</creationTime>\n", "")
      .replace("  <name>0</name>\n", "")
      .replace(/(?=  <creationTime>)/, running === undefined ? "" : "  <state>running</state>\n");
    return { name, input, expected, canonical };
  });
}

/** The cases of a suite in a folder of libvirt's tests. */
export function casesOf(folder: string, suite: Suite): XmlCase[] {
  const list = readFileSync(join(folder, suite.list), "utf8");
  return [...list.matchAll(CASE)].flatMap(([, kind = "", pool, name = ""]) => {
    const input = join(folder, suite.inputs, `${name}.xml`);
    if (!existsSync(input)) return [];
    const other = join(folder, suite.outputs, `${name}.xml`);
    const fails = /FAIL|INVALID|ERROR/.test(kind);
    const expected = fails ? null : existsSync(other) ? other : input;
    return [{ name, input, expected, ...(pool === undefined ? {} : { pool }) }];
  });
}
