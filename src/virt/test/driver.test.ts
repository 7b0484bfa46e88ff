import { describe, expect, it } from "vitest";
import { openConnection } from "../registry.ts";
import type { Storage } from "../storage/storage.ts";
import { testDriver } from "./driver.ts";

const driver = testDriver({
  nowMs: () => 0,
  delay: async () => {},
  latencyMs: 0,
  // Storage has tests of its own.
  openStorage: async () => ({}) as Storage,
});
const open = () => openConnection("test:///default", [driver]);
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

async function said(typed: string): Promise<string> {
  const connection = await open();
  const { uuid } = connection.domains()[0]!.definition;
  const console = connection.console(uuid, "serial0");
  let heard = "";
  console.attach((piece) => void (heard += String.fromCharCode(...piece)));
  heard = "";
  await console.write(bytes(typed));
  return heard;
}

describe("test:///default", () => {
  it("holds one running domain, as libvirt's", async () => {
    const [only, ...others] = (await open()).domains();
    expect([only?.definition.name, only?.state, others.length]).toEqual(["test", "running", 0]);
  });

  it("takes a domain through its states", async () => {
    const connection = await open();
    const state = () => connection.domains()[0]?.state;
    const { uuid } = connection.domains()[0]!.definition;
    await connection.suspend(uuid);
    expect(state()).toBe("paused");
    await connection.resume(uuid);
    expect(state()).toBe("running");
    await connection.shutdown(uuid);
    expect(state()).toBe("shutoff");
    await expect(connection.suspend(uuid)).rejects.toThrow(
      "Requested operation is not valid: domain is not running",
    );
    await connection.undefine(uuid);
    expect(connection.domains()).toEqual([]);
  });

  it("has a console that echoes, edits and obeys", async () => {
    expect(await said("ecxx\x7f\x7fho hi\r")).toBe("ecxx\b \b\b \bho hi\r\nhi\r\n/ # ");
    expect(await said("stty rows 30 cols 100\rstty size\r")).toContain("30 100\r\n");
    expect(await said("what\r")).toContain("sh: what: not found");
  });

  it("powers off and crashes from inside", async () => {
    const connection = await open();
    const { uuid } = connection.domains()[0]!.definition;
    await connection.console(uuid, "serial0").write(bytes("crash\r"));
    expect(connection.domains()[0]).toMatchObject({ state: "crashed", reason: "crashed" });
    await connection.create(uuid);
    await connection.console(uuid, "serial0").write(bytes("poweroff\r"));
    expect(connection.domains()[0]).toMatchObject({ state: "shutoff", reason: "shutdown" });
  });
});

describe("opening a connection", () => {
  it.each([
    ["nonsense", "invalid argument: 'nonsense' is no connection URI"],
    [
      "xen:///system",
      "this function is not supported by the connection driver: no driver for the connection URI 'xen:///system'",
    ],
    ["test:///other", "invalid argument: the test driver knows no 'test:///other'"],
  ])("%s fails with one sentence", async (uri, sentence) => {
    await expect(openConnection(uri, [driver])).rejects.toThrow(sentence);
  });
});
