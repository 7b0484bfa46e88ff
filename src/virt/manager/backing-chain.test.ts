import { describe, expect, it } from "vitest";
import type { Connect } from "../driver/connect.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { parseXml } from "../xml/parse.ts";
import { backingChain } from "./backing-chain.ts";

const xml = (below?: string): string =>
  below === undefined
    ? "<volume><name>v</name></volume>"
    : `<volume><name>v</name><backingStore><path>${below}</path><format type='qcow2'/></backingStore></volume>`;

/** Volumes by path, and what each stands on. */
function connectOf(volumes: Readonly<Record<string, string | undefined>>): Connect {
  return {
    storageVolLookupByPath: async (path: string) => {
      if (path in volumes) return { pool: "p", name: path, key: path };
      throw vmError("noStorageVol", `no storage vol with matching path '${path}'`);
    },
    storageVolGetXMLDesc: async ({ name }: { name: string }) => xml(volumes[name]),
  } as unknown as Connect;
}

const chain = async (volumes: Readonly<Record<string, string | undefined>>, below?: string) =>
  (await backingChain(connectOf(volumes), parseXml(xml(below), "volume"))).map(({ path }) => path);

describe("what a volume stands on", () => {
  it("is nothing, or image after image down to the last", async () => {
    expect(await chain({})).toEqual([]);
    expect(await chain({ "/a": "/b", "/b": undefined }, "/a")).toEqual(["/a", "/b"]);
  });

  it("ends with an image of the web", async () => {
    expect(await chain({ "/a": "https://host/b" }, "/a")).toEqual(["/a", "https://host/b"]);
  });

  it("ends where it goes in a circle", async () => {
    expect(await chain({ "/a": "/b", "/b": "/a" }, "/a")).toEqual(["/a", "/b"]);
  });
});
