import { describe, expect, test } from "vitest";
import { ImageOpener } from "../../graph/opener.ts";
import { memoryTools } from "../../../cli/image/testing.ts";
import { NBD_EXPORT_BYTES, NbdServer } from "../../testing/nbd-server.ts";
import { blockNodeContract } from "../../testing/node-contract.ts";
import { nbdUri, parseNbdName } from "./address.ts";
import { NbdNode } from "./nbd-node.ts";
import { negotiate } from "./negotiate.ts";

const SIZE = NBD_EXPORT_BYTES;
const [READ_ONLY, ALL] = [3, 1 | 4 | 0x20 | 0x40];

async function node(flags = ALL): Promise<NbdNode> {
  const server = new NbdServer(flags);
  return new NbdNode(server, await negotiate(server, "disk"), false);
}

describe("an export with all that servers can", () => {
  blockNodeContract(() => node(), { fixedEnd: true, sizeBytes: SIZE, canResize: false });
});

describe("an export that can only read and write", () => {
  blockNodeContract(() => node(1), { fixedEnd: true, sizeBytes: SIZE, canResize: false });
});

describe("negotiation", () => {
  test("falls back to the oldest option", async () => {
    const server = new NbdServer(READ_ONLY, false);
    expect(await negotiate(server, "disk")).toEqual({ sizeBytes: SIZE, flags: READ_ONLY });
  });

  test("says what the server refuses", async () => {
    await expect(negotiate(new NbdServer(), "nope")).rejects.toThrow(
      "Requested export not available",
    );
  });
});

test.each([
  ["nbd:unix:/tmp/s", "nbd+unix://?socket=/tmp/s"],
  ["nbd:unix:/tmp/s:exportname=a", "nbd+unix:///a?socket=/tmp/s"],
  ["nbd+unix:///a%20b?socket=/tmp/s", "nbd+unix:///a b?socket=/tmp/s"],
  ["nbd:host:10", "nbd://host:10"],
  ["nbd://[::1]/x", "nbd://::1:10809/x"],
  ["nbd+tcp://host:1/", "nbd://host:1"],
])("%s is %s", (name, uri) => {
  expect(nbdUri(parseNbdName(name))).toBe(uri);
});

test.each(["nbd:host", "nbd:host:port", "nbd+unix:///a", "nbd://host?socket=x"])(
  "%s is no address",
  (name) => {
    expect(() => parseNbdName(name)).toThrow("No valid URL specified");
  },
);

describe("an image of a server", () => {
  const opener = (flags: number): ImageOpener => {
    const sockets = { connect: () => Promise.resolve(new NbdServer(flags)) };
    return new ImageOpener(memoryTools().files, () => {}, null, { sockets });
  };
  const options = { driver: "raw", file: { driver: "nbd", path: "/s", export: "disk" } };

  test("opens by options, and has the name that opens it again", async () => {
    const image = await opener(ALL).open({ options, write: true });
    expect(image.filename).toBe("nbd+unix:///disk?socket=/s");
    await image.node.write(0, [Uint8Array.of(1)]);
    await image.node.close();
  });

  test("is not written when the server forbids it", async () => {
    await expect(opener(READ_ONLY).open({ options, write: true })).rejects.toThrow(
      "Could not open image: Permission denied",
    );
    const image = await opener(READ_ONLY).open({ options, write: false });
    expect(image.node.readOnly).toBe(true);
  });

  test("is refused where there are no connections", async () => {
    const none = new ImageOpener(memoryTools().files, () => {});
    await expect(none.open({ options, write: false })).rejects.toThrow("Unknown protocol 'nbd'");
  });
});
