import { concatBytes, utf8Text, viewOf } from "../../util/bytes.ts";
import type { ByteStream } from "../ports.ts";
import { MemoryNode } from "../protocol/memory-node.ts";

/** The length of the export, which is called `disk`. */
export const NBD_EXPORT_BYTES = 1_000_000;
/** The export's flags: it flushes, trims and writes zeroes. */
const ALL = 1 | 4 | 0x20 | 0x40;

/** A server of one export, by the letter of the protocol, at the other end of a stream. */
export class NbdServer implements ByteStream {
  readonly #disk: MemoryNode;
  readonly #flags: number;
  readonly #knowsGo: boolean;
  #in = new Uint8Array(0);
  #out = new Uint8Array(0);
  #phase: "flags" | "options" | "requests" = "flags";

  /** @param disk what the export holds */
  constructor(flags = ALL, knowsGo = true, disk = new MemoryNode(NBD_EXPORT_BYTES)) {
    this.#disk = disk;
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
        view.setBigUint64(0, BigInt(NBD_EXPORT_BYTES));
        view.setUint16(8, this.#flags);
      });
      this.#phase = "requests";
    } else if (!this.#knowsGo) this.#reply(2 ** 31 + 1, 0, () => {});
    else if (utf8Text(data.subarray(4, -2)) !== "disk") this.#reply(2 ** 31 + 6, 0, () => {});
    else {
      this.#reply(3, 12, (view) => {
        view.setBigUint64(2, BigInt(NBD_EXPORT_BYTES));
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
    if (type === 0) this.#disk.read(offset, [data]);
    if (type === 1) this.#disk.write(offset, [all.subarray(28)]);
    if (type === 4) this.#disk.discard(offset, length);
    if (type === 6) this.#disk.writeZeroes(offset, length);
    const answer = (reply: DataView): void => {
      reply.setUint32(0, 0x67446698);
      reply.setBigUint64(8, handle);
    };
    this.#say(16, answer, data);
    return true;
  }
}
