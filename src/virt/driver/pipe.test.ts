import { expect, it } from "vitest";
import { Pipe } from "./pipe.ts";

it("makes a writer wait that is far ahead of its reader", async () => {
  const { driverEnd, userEnd } = new Pipe();
  let written = 0;
  const writing = (async () => {
    for (; written < 8; written += 1) await driverEnd.write(new Uint8Array(256 * 1024));
  })();
  await new Promise((resolve) => setTimeout(resolve));
  expect(written).toBe(4);
  for (let read = 0; read < 8; read += 1) await userEnd.read();
  await writing;
});

it("fails both ends when one gives up, a writer that waits, too", async () => {
  const { driverEnd, userEnd } = new Pipe();
  const waiting = driverEnd.write(new Uint8Array(2 << 20));
  userEnd.abort();
  await expect(waiting).rejects.toThrow("the stream was aborted");
  await expect(driverEnd.read()).rejects.toThrow("the stream was aborted");
});
