import { afterEach, expect, test } from "vitest";
import { checkVersion, expose, wrap } from "./rpc.ts";
import { PROTOCOL_VERSION } from "./version.ts";
import { ErrorCode, VmError, vmError } from "./vm-error.ts";

interface Failing {
  refuse(): void;
  break(): void;
  throwText(): void;
  twice(value: number): number;
}

const ports: MessagePort[] = [];

function connect(service: object): ReturnType<typeof wrap<Failing>> {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(service, port1);
  port2.start();
  return wrap<Failing>(port2);
}

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

const service: Failing = {
  refuse() {
    throw vmError("operationInvalid", "domain is not running");
  },
  break() {
    throw new RangeError("too far");
  },
  throwText() {
    throw "words";
  },
  twice: (value) => 2 * value,
};

test("a VmError keeps its code, domain, level and detail across the boundary", async () => {
  const error: unknown = await connect(service)
    .refuse()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VmError);
  expect(error).toMatchObject({
    code: ErrorCode.operationInvalid,
    domain: 10,
    level: 2,
    detail: "domain is not running",
    message: "Requested operation is not valid: domain is not running",
  });
});

test("another error keeps its name and message", async () => {
  await expect(connect(service).break()).rejects.toMatchObject({
    name: "RangeError",
    message: "too far",
  });
});

test("a thrown value that is no error arrives as one", async () => {
  await expect(connect(service).throwText()).rejects.toThrow("words");
});

test("results arrive", async () => {
  await expect(connect(service).twice(21)).resolves.toBe(42);
});

test("the handshake accepts this version only", () => {
  expect(() => checkVersion(PROTOCOL_VERSION)).not.toThrow();
  expect(() => checkVersion(PROTOCOL_VERSION + 1)).toThrow("reload the page");
});
