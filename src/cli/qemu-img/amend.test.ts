import { expect, test } from "vitest";
import { memoryTools } from "../image/testing.ts";
import { qemuIo } from "../qemu-io/main.ts";
import { qemuImg } from "./main.ts";

test("amend changes widths and versions and keeps the contents", async () => {
  const tools = memoryTools();
  const img = async (line: string): Promise<string> => {
    await qemuImg(line.split(" "), tools);
    return tools.take();
  };
  await img("create -f qcow2 -o cluster_size=4k a 4M");
  await qemuIo(["-c", "write -qP 5 0 1M", "-c", "write -qz 2M 1M", "a"], tools);
  for (const change of ["refcount_bits=64", "refcount_bits=1", "refcount_bits=16", "compat=0.10"]) {
    expect(await img(`amend -o ${change} a`)).toBe("");
    expect(await img("check a")).toMatch(/^No errors were found/);
  }
  expect(await img("info a")).toContain("compat: 0.10");
  await qemuIo(["-c", "read -qP 5 0 1M", "-c", "read -qP 0 1M 3M", "a"], tools);
  expect(tools.take()).toBe("");
  expect(await img("amend -o refcount_bits=8 a")).toContain("require compatibility level 1.1");
  expect(await img("amend -o compat=1.1 a")).toBe("");
  await img("snapshot -c s a");
  expect(await img("amend -o refcount_bits=1 a")).toContain("has a refcount of 2");
});

test("compression joins sources over their ends", async () => {
  const tools = memoryTools();
  const img = async (line: string): Promise<string> => {
    await qemuImg(line.split(" "), tools);
    return tools.take();
  };
  await img("create -f qcow2 a 1023k");
  await img("create -f qcow2 b 1023k");
  await qemuIo(["-c", "write -qP 1 1022k 1k", "a"], tools);
  await qemuIo(["-c", "write -qP 2 0 1k", "b"], tools);
  expect(await img("convert -c -O qcow2 a b c")).toBe("");
  await qemuIo(["-c", "read -qP 1 1022k 1k", "-c", "read -qP 2 1023k 1k", "c"], tools);
  expect(tools.take()).toBe("");
});
