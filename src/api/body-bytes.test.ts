import { describe, expect, test } from "vitest";
import { bodyBytes } from "./body-bytes.ts";

/** An answer that comes in pieces. */
function answer(pieces: readonly string[], headers: Record<string, string> = {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return new Response(body, { headers });
}

async function read(response: Response, size?: number) {
  const told: (readonly [number, number | null])[] = [];
  const bytes = await bodyBytes(response, size, (done, total) => told.push([done, total]));
  return { text: new TextDecoder().decode(bytes), bytes, told };
}

describe("the bytes of an answer", () => {
  test("are told as they come, of as many as it says", async () => {
    const { text, told } = await read(answer(["ab", "cde"], { "content-length": "5" }));
    expect(text).toBe("abcde");
    expect(told).toEqual([
      [0, 5],
      [2, 5],
      [5, 5],
      [5, 5],
    ]);
  });

  test("are all there when it says nothing, or what it says is not true", async () => {
    const long = "x".repeat(2 ** 20);
    expect((await read(answer([long, long, "end"]))).text).toBe(`${long}${long}end`);
    const more = await read(answer(["abc"], { "content-length": "2" }));
    expect(more.text).toBe("abc");
    expect(more.told).toEqual([
      [0, 2],
      [3, null],
      [3, 3],
    ]);
    expect((await read(answer(["abc"], { "content-length": "9" }))).text).toBe("abc");
  });

  test("are not measured by the length of what is packed", async () => {
    const headers = { "content-length": "2", "content-encoding": "gzip" };
    expect((await read(answer(["abc"], headers))).told[0]).toEqual([0, null]);
    expect((await read(answer(["abc"], headers), 3)).told[0]).toEqual([0, 3]);
  });

  test("fill their buffer, which can be transferred", async () => {
    const { bytes } = await read(answer(["a", "b"]));
    expect(bytes.buffer.byteLength).toBe(2);
  });

  test("are none where there is no body", async () => {
    expect((await read(new Response(null))).bytes).toHaveLength(0);
  });
});
