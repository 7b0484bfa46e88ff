import { describe, expect, it } from "vitest";
import type { FdtNode } from "../device/fdt-node.ts";
import { parseFdt, writeFdt } from "./fdt.ts";

const TREE: FdtNode = {
  name: "",
  properties: { "#address-cells": [2], empty: true, text: "é", texts: ["a", "bc"] },
  children: [
    { name: "a@1", properties: { bytes: Uint8Array.of(1, 2, 3), none: [] } },
    { name: "b", properties: {}, children: [{ name: "c", properties: { empty: true } }] },
  ],
};

describe("flattened device trees", () => {
  it("come back as they were written", () => {
    const root = parseFdt(writeFdt(TREE));
    expect(root.name).toBe("");
    expect([...root.properties.keys()]).toEqual(["#address-cells", "empty", "text", "texts"]);
    expect(root.properties.get("#address-cells")).toEqual(Uint8Array.of(0, 0, 0, 2));
    expect(root.properties.get("empty")).toHaveLength(0);
    expect(root.properties.get("text")).toEqual(new TextEncoder().encode("é\0"));
    expect(root.properties.get("texts")).toEqual(new TextEncoder().encode("a\0bc\0"));
    expect(root.children.map(({ name }) => name)).toEqual(["a@1", "b"]);
    expect(root.children[0]?.properties.get("bytes")).toEqual(Uint8Array.of(1, 2, 3));
    expect(root.children[1]?.children[0]?.properties.has("empty")).toBe(true);
  });

  it("have a header that agrees with the blocks", () => {
    const blob = writeFdt(TREE);
    const view = new DataView(blob.buffer);
    expect(view.getUint32(0)).toBe(0xd00dfeed);
    expect(view.getUint32(4)).toBe(blob.length);
    expect(blob.length % 8).toBe(0);
    expect(view.getUint32(12) + view.getUint32(32)).toBeLessThanOrEqual(blob.length);
    expect(view.getUint32(8) + view.getUint32(36)).toBe(view.getUint32(12));
  });

  it("are refused when they are none or cut short", () => {
    const blob = writeFdt(TREE);
    expect(() => parseFdt(new Uint8Array(64))).toThrow("wrong magic");
    expect(() => parseFdt(blob.subarray(0, blob.length - 8))).toThrow("cut short");
    const broken = blob.slice();
    new DataView(broken.buffer).setUint32(new DataView(broken.buffer).getUint32(8), 77);
    expect(() => parseFdt(broken)).toThrow("no root node");
  });
});
