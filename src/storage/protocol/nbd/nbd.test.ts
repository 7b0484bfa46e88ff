import { describe, expect, test } from "vitest";
import { concatBytes, utf8Text, viewOf } from "../../../util/bytes.ts";
import { ImageOpener } from "../../graph/opener.ts";
import { memoryTools } from "../../../cli/image/testing.ts";
import type { ByteStream } from "../../ports.ts";
import { blockNodeContract } from "../../testing/node-contract.ts";
import { MemoryNode } from "../memory-node.ts";
import { nbdUri, parseNbdName } from "./address.ts";
import { NbdNode } from "./nbd-node.ts";
import { negotiate } from "./negotiate.ts";

const SIZE = 1_000_000;
const [READ_ONLY, ALL] = [3, 1 | 4 | 0x20 | 0x40];

/** A server of one export, by the letter of the protocol, at the other end of a stream. */
class Server implements ByteStream {
  readonly disk = new MemoryNode(SIZE);
  readonly #flags: number;
  readonly #knowsGo: boolean;
  #in = new Uint8Array(0);
  #out = new Uint8Array(0);
  #phase: "flags" | "options" | "requests" = "flags";

  constructor(flags = ALL, knowsGo = true) {
    this.#flags = flags;
    this.#knowsGo = knowsGo;
    this.#say(18, (view) => {
      view.setBigUint64(0, 0x4e42444d41474943n);
      view.setBigUint64(8, 0x49484156454f5054n);
      view.setUint16(16, 3);
    });
  }

  async read(length: number): Promise<Uint8Array> {
    if (this.#out.length < length) throw Object.assign(new Error("end"), { code: "EIO" });
    const bytes = this.#out.slice(0, length);
    this.#out = this.#out.slice(length);
    return bytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#in = concatBytes([this.#in, bytes]) as Uint8Array<ArrayBuffer>;
    while (this.#step());
  }

  close(): void {}

  #take(length: number): Uint8Array | undefined {
    if (this.#in.length < length) return undefined;
    const bytes = this.#in.slice(0, length);
    this.#in = this.#in.slice(length);
    return bytes;
  }

  #say(length: number, fill: (view: DataView) => void, data = new Uint8Array(0)): void {
    const bytes = new Uint8Array(length);
    fill(viewOf(bytes));
    this.#out = concatBytes([this.#out, bytes, data]) as Uint8Array<ArrayBuffer>;
  }

  #step(): boolean {
    if (this.#phase === "flags") {
      if (this.#take(4) === undefined) return false;
      this.#phase = "options";
      return true;
    }
    return this.#phase === "options" ? this.#option() : this.#request();
  }

  #option(): boolean {
    if (this.#in.length < 16) return false;
    const length = viewOf(this.#in).getUint32(12);
    const all = this.#take(16 + length);
    if (all === undefined) return false;
    const number = viewOf(all).getUint32(8);
    const data = all.subarray(16);
    if (number === 1) {
      this.#say(10, (view) => {
        view.setBigUint64(0, BigInt(SIZE));
        view.setUint16(8, this.#flags);
      });
      this.#phase = "requests";
    } else if (!this.#knowsGo) this.#reply(2 ** 31 + 1, 0, () => {});
    else if (utf8Text(data.subarray(4, -2)) !== "disk") this.#reply(2 ** 31 + 6, 0, () => {});
    else {
      this.#reply(3, 12, (view) => {
        view.setBigUint64(2, BigInt(SIZE));
        view.setUint16(10, this.#flags);
      });
      this.#reply(1, 0, () => {});
      this.#phase = "requests";
    }
    return true;
  }

  #reply(type: number, length: number, fill: (view: DataView) => void): void {
    this.#say(20, (view) => {
      view.setBigUint64(0, 0x3e889045565a9n);
      view.setUint32(8, 7);
      view.setUint32(12, type);
      view.setUint32(16, length);
    });
    this.#say(length, fill);
  }

  #request(): boolean {
    if (this.#in.length < 28) return false;
    const view = viewOf(this.#in);
    const [type, handle] = [view.getUint16(6), view.getBigUint64(8)];
    const [offset, length] = [Number(view.getBigUint64(16)), view.getUint32(24)];
    const all = this.#take(28 + (type === 1 ? length : 0));
    if (all === undefined || type === 2) return false;
    const data = new Uint8Array(type === 0 ? length : 0);
    if (type === 0) this.disk.read(offset, [data]);
    if (type === 1) this.disk.write(offset, [all.subarray(28)]);
    if (type === 4) this.disk.discard(offset, length);
    if (type === 6) this.disk.writeZeroes(offset, length);
    const answer = (reply: DataView): void => {
      reply.setUint32(0, 0x67446698);
      reply.setBigUint64(8, handle);
    };
    this.#say(16, answer, data);
    return true;
  }
}

async function node(flags = ALL): Promise<NbdNode> {
  const server = new Server(flags);
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
    const server = new Server(READ_ONLY, false);
    expect(await negotiate(server, "disk")).toEqual({ sizeBytes: SIZE, flags: READ_ONLY });
  });

  test("says what the server refuses", async () => {
    await expect(negotiate(new Server(), "nope")).rejects.toThrow("Requested export not available");
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
    const sockets = { connect: () => Promise.resolve(new Server(flags)) };
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
