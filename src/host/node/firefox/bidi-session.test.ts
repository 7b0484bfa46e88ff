import { afterEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { BidiPage } from "./bidi-page.ts";
import { BidiSession } from "./bidi-session.ts";

interface Command {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly expression?: string };
}

let server: WebSocketServer | undefined;

afterEach(() => server?.close());

/** A browser that answers each command with what `reply` makes of it. */
async function browser(reply: (command: Command, socket: WebSocket) => object): Promise<string> {
  server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const command = JSON.parse(data.toString()) as Command;
      socket.send(JSON.stringify({ id: command.id, ...reply(command, socket) }));
    });
  });
  await new Promise((resolve) => server?.once("listening", resolve));
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

const success = (result: unknown): object => ({ type: "success", result });

test("an error is the browser's sentence", async () => {
  const session = await BidiSession.connect(
    await browser(({ method }) =>
      method === "session.new"
        ? success({})
        : { type: "error", error: "unknown command", message: `no ${method} here` },
    ),
  );
  await expect(session.send("x.y", {})).rejects.toThrow("no x.y here");
  session.close();
});

test("what waits for a browser that goes away fails", async () => {
  const session = await BidiSession.connect(
    await browser(({ method }, socket) => {
      if (method === "x.y") socket.terminate();
      return success({});
    }),
  );
  await expect(session.send("x.y", {})).rejects.toThrow("the browser was closed");
  await expect(session.send("x.z", {})).rejects.toThrow("x.z: the browser was closed");
});

test("a page's exceptions are errors, and its results cross as JSON", async () => {
  const session = await BidiSession.connect(
    await browser(({ params: { expression = "" } }) => {
      if (expression.includes("fails")) {
        return success({ type: "exception", exceptionDetails: { text: "Error: it fails" } });
      }
      return success({ type: "success", context: "1", result: { value: '{"seven":7}' } });
    }),
  );
  const page = await BidiPage.open(session);
  expect(await page.evaluate("anything", null)).toEqual({ seven: 7 });
  await expect(page.evaluate("fails", null)).rejects.toThrow("it fails");
  session.close();
});
