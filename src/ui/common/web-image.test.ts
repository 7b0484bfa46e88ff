import { describe, expect, it } from "vitest";
import { HEAD_BYTES } from "./image-kind.ts";
import { lookAtWeb } from "./web-image.ts";

const bytes = (text: string, length = 512): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(length);
  for (let at = 0; at < text.length; at += 1) all[at] = text.charCodeAt(at);
  return all;
};

const answers = (body: Uint8Array<ArrayBuffer>, status = 206, headers: HeadersInit = {}) => {
  const asked: RequestInit[] = [];
  const get = async (_url: string, init: RequestInit) => {
    asked.push(init);
    return new Response(body, { status, headers });
  };
  return { get, asked };
};

const URL = "https://host/a.img";

describe("an image of the web", () => {
  it.each([
    ["QFI\xfb", "qcow2"],
    ["KDMV", "vmdk"],
    ["vhdxfile", "vhdx"],
    ["conectix", "vpc"],
    ["QED\0", "qed"],
    ["LUKS\xba\xbe", "luks"],
    [`${"\0".repeat(0x40)}\x7f\x10\xda\xbe`, "vdi"],
    ["\x33\xc0", "raw"],
    ["", "raw"],
  ])("that begins with %j is %s", async (text, format) => {
    const { kind } = await lookAtWeb(URL, answers(bytes(text)).get);
    expect(kind).toEqual({ kind: "disk", format });
  });

  it("is asked for its head only, and its size is taken from the answer", async () => {
    const { get, asked } = answers(bytes(""), 206, { "Content-Range": "bytes 0-511/7340032" });
    expect((await lookAtWeb(URL, get)).sizeBytes).toBe(7_340_032);
    expect(asked).toEqual([{ headers: { Range: `bytes=0-${HEAD_BYTES - 1}` } }]);
  });

  it("has its length where a server knows no ranges, unless it is compressed on the way", async () => {
    const whole = answers(bytes("", 4096), 200, { "Content-Length": "4096" });
    expect(await lookAtWeb(URL, whole.get)).toMatchObject({
      sizeBytes: 4096,
      acceptsRanges: false,
    });
    const packed = answers(bytes(""), 200, { "Content-Length": "99", "Content-Encoding": "gzip" });
    expect((await lookAtWeb(URL, packed.get)).sizeBytes).toBeNull();
  });

  it("may stand on another one", async () => {
    const offset = "\0\0\0\0\0\0\x01\0";
    const on = await lookAtWeb(URL, answers(bytes(`QFI\xfb\0\0\0\x03${offset}`)).get);
    expect(on.hasBacking).toBe(true);
    const alone = await lookAtWeb(URL, answers(bytes("QFI\xfb\0\0\0\x03")).get);
    expect(alone.hasBacking).toBe(false);
  });

  it("that cannot be read is said to be so", async () => {
    await expect(lookAtWeb(URL, answers(bytes(""), 404).get)).rejects.toThrow(
      "cannot read 'https://host/a.img': the server answers 404",
    );
    const page = answers(bytes("<!doctype html>"), 200, { "Content-Type": "text/html" });
    await expect(lookAtWeb(URL, page.get)).rejects.toThrow("the server sends a web page");
    const blocked = async () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(lookAtWeb(URL, blocked)).rejects.toThrow("does not allow this page to read it");
  });
});
