import { expect, test } from "vitest";
import { MemoryNode } from "./memory-node.ts";

const PAGE = 65_536;

function read(node: MemoryNode, offset: number): number {
  const byte = new Uint8Array(1);
  node.read(offset, [byte]);
  return byte[0] as number;
}

test("a fork and what it was made of change apart from each other", () => {
  const node = new MemoryNode(new Uint8Array(2 * PAGE).fill(1));
  const fork = node.fork();
  node.write(0, [Uint8Array.of(2)]);
  fork.writeZeroes(PAGE, 1);
  fork.write(1, [Uint8Array.of(3)]);
  expect([read(node, 0), read(node, 1), read(node, PAGE)]).toEqual([2, 1, 1]);
  expect([read(fork, 0), read(fork, 1), read(fork, PAGE)]).toEqual([1, 3, 0]);
});

test("a fork of a fork shares nothing that is written, and a fork may be cut", () => {
  const node = new MemoryNode(new Uint8Array(PAGE).fill(1));
  const second = node.fork().fork();
  second.truncate(10);
  second.truncate(PAGE);
  second.write(0, [Uint8Array.of(9)]);
  expect([read(second, 0), read(second, 9), read(second, 10)]).toEqual([9, 1, 0]);
  expect([read(node, 0), read(node, 10)]).toEqual([1, 1]);
});
