import { expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts, MemoryFiles } from "./testing/fake-ports.ts";

const UUID = "11111111-2222-3333-4444-555555555555";
const SECRET = `<secret><uuid>${UUID}</uuid><usage type='volume'><volume>/v</volume></usage></secret>`;

async function open(files: Map<string, string>): Promise<[Calls, string[]]> {
  const damaged: string[] = [];
  const host = await openQemuHost(new FakePorts(new MemoryFiles(files)), (name) => {
    damaged.push(name);
  });
  return [host.connection() as Calls, damaged];
}

it("files that browsers leave without their text are as if they were not there", async () => {
  const names = ["qemu/a.xml", "qemu/networks/n.xml", `secrets/${UUID}.xml`, "host-uuid"];
  const files = new Map(names.map((name) => [name, ""]));
  const [calls, damaged] = await open(files);
  expect(damaged).toEqual([]);
  expect(await calls.connectListAllDomains(0)).toEqual([]);
  expect(await calls.connectListAllNetworks(0)).toEqual([]);
  expect(await calls.connectListAllSecrets(0)).toEqual([]);
  expect([...files.keys()]).toEqual(["host-uuid"]);
  expect(files.get("host-uuid")).not.toBe("");
});

it("a secret's value without its text is none", async () => {
  const files = new Map([
    [`secrets/${UUID}.xml`, SECRET],
    [`secrets/${UUID}.base64`, ""],
  ]);
  const [calls] = await open(files);
  const [secret] = await calls.connectListAllSecrets(0);
  await expect(calls.secretGetValue(secret!, 0)).rejects.toThrow("does not have a value");
});

it("a damaged secret is told and left alone, and the others are there", async () => {
  const files = new Map([
    ["secrets/bad.xml", "<secret><us"],
    ["secrets/bad.base64", "AA=="],
    [`secrets/${UUID}.xml`, SECRET],
  ]);
  const [calls, damaged] = await open(files);
  expect(damaged).toEqual(["bad"]);
  expect(await calls.connectListAllSecrets(0)).toHaveLength(1);
  expect(files.has("secrets/bad.base64")).toBe(true);
});
