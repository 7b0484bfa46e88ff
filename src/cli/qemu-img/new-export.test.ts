import { expect, test } from "vitest";
import { MemoryNode } from "../../storage/protocol/memory-node.ts";
import { NBD_EXPORT_BYTES, NbdServer } from "../../storage/testing/nbd-server.ts";
import { memoryTools } from "../image/testing.ts";
import { qemuIo } from "../qemu-io/main.ts";
import { qemuImg } from "./main.ts";

const EXPORT = "nbd+unix:///disk?socket=/s";

/** The commands beside a server whose export is full of something else. */
function shell() {
  const disk = new MemoryNode(NBD_EXPORT_BYTES);
  disk.write(0, [new Uint8Array(NBD_EXPORT_BYTES).fill(0xee)]);
  const connect = () => Promise.resolve(new NbdServer(undefined, true, disk));
  const tools = { ...memoryTools(), sockets: { connect } };
  return {
    disk,
    async img(line: string): Promise<string> {
      const status = await qemuImg(line.split(" "), tools);
      return `${tools.take()}[${status}]`;
    },
    async io(image: string, command: string): Promise<void> {
      await qemuIo(["-c", command, image], tools);
      tools.take();
    },
  };
}

test.each(["-O qcow2", "-O qcow2 -c"])("an image is made in an export by %s", async (how) => {
  const { img, io } = shell();
  await img("create -q -f qcow2 a 4M");
  await io("a", "write -P 7 2M 64k");
  expect(await img(`convert ${how} a ${EXPORT}`)).toBe("[0]");
  expect(await img(`check ${EXPORT}`)).toContain("No errors were found");
  expect(await img(`compare -f qcow2 -F qcow2 a ${EXPORT}`)).toBe("Images are identical.\n[0]");
});

test("what an export held does not shine through a raw image", async () => {
  const { img, io, disk } = shell();
  await img("create -q -f qcow2 a 512k");
  await io("a", "write -P 7 64k 64k");
  expect(await img(`convert -O raw a ${EXPORT}`)).toBe("[0]");
  const found = new Uint8Array(512 << 10);
  disk.read(0, [found]);
  expect(found).toEqual(new Uint8Array(512 << 10).fill(7, 64 << 10, 128 << 10));
});

test("an export that is too small is refused", async () => {
  const { img } = shell();
  expect(await img(`create -q -f raw ${EXPORT} 2M`)).toContain("Could not resize file: ");
  expect(await img(`create -q -f raw ${EXPORT} 512k`)).toBe("[0]");
});
