import { beforeEach, describe, expect, it } from "vitest";
import { type Connect, openConnect } from "../driver/connect.ts";
import type { DriverConnection } from "../driver/driver.ts";
import { DomainState } from "../driver/domain-flags.ts";
import type { Stream } from "../driver/streams.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { element, textElement } from "../xml/element.ts";
import { createMachine, type MachinePlan, type PlannedVolume } from "./create-machine.ts";
import { DEFAULT_POOL } from "./ensure-pool.ts";
import { freeFileName } from "./free-file-name.ts";
import { newVolume } from "./new-volume.ts";

let connect: Connect;
/** What was uploaded, by volume. */
let uploads: Map<string, number[]>;
/** Takes an upload. */
let receive: (name: string, stream: Stream) => Promise<void>;
let parts: number[];

/** libvirt's mock, but volumes can be filled. */
beforeEach(async () => {
  uploads = new Map();
  parts = [];
  receive = async (name, stream) => {
    const taken: number[] = [];
    uploads.set(name, taken);
    for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
      if (typeof piece !== "number") taken.push(...piece);
    }
  };
  const mock = testDriver(fakePorts());
  const filled = {
    scheme: "test",
    open: async (uri: Parameters<typeof mock.open>[0]): Promise<DriverConnection> => ({
      ...(await mock.open(uri)),
      storageVolUpload: ({ name }, stream) => receive(name, stream),
      storageVolResize: async ({ name }, capacity) => void sizes.push(`${name} ${capacity}`),
    }),
  };
  connect = await openConnect("test:///default", [filled]);
});

const sizes: string[] = [];

function volume(name: string, bytes: readonly number[] | null = null): PlannedVolume {
  async function* read(): AsyncGenerator<Uint8Array> {
    for (const byte of bytes ?? []) yield Uint8Array.of(byte);
  }
  return {
    pool: DEFAULT_POOL,
    name,
    xml: (free) => newVolume({ name: free, format: "raw", capacityBytes: 2 }),
    ...(bytes && { content: { sizeBytes: bytes.length, read } }),
  };
}

function plan(volumes: readonly PlannedVolume[], type = "test", starts = true): MachinePlan {
  return {
    volumes,
    starts,
    define: (paths) => ({
      definition: element("domain", { type }, [
        textElement("name", "new"),
        textElement("memory", 1024),
        element("os", {}, [textElement("type", "hvm")]),
        element(
          "devices",
          {},
          paths.map((file, at) =>
            element("disk", { type: "file" }, [
              element("source", { file }),
              element("target", { dev: `vd${"ab"[at]}`, bus: "virtio" }),
            ]),
          ),
        ),
      ]),
    }),
  };
}

const control = (signal = new AbortController().signal) => ({
  signal,
  progress: (done: number, total: number) => void parts.push(done / total),
});

async function volumesOf(pool: string): Promise<string[]> {
  const ref = await connect.storagePoolLookupByName(pool);
  return (await connect.storagePoolListAllVolumes(ref, 0)).map(({ name }) => name);
}

const names = async (): Promise<string[]> =>
  (await connect.connectListAllDomains(0)).map(({ name }) => name).toSorted();

describe("a plan", () => {
  it("makes the pool, fills the volumes, defines and starts", async () => {
    const domain = await createMachine(
      connect,
      plan([volume("a.img", [1, 2]), { ...volume("b.img"), leastBytes: 512 }]),
      control(),
    );
    expect(uploads.get("a.img")).toEqual([1, 2]);
    expect(parts).toEqual([0.5, 1]);
    expect(sizes).toEqual(["b.img 512"]);
    expect(await volumesOf("default")).toEqual(["a.img", "b.img"]);
    const xml = await connect.domainGetXMLDesc(domain, 0);
    expect(xml).toContain("<source file='/var/lib/libvirt/images/b.img'/>");
    expect((await connect.domainGetState(domain, 0)).state).toBe(DomainState.running);
    const pool = await connect.storagePoolLookupByName("default");
    expect(await connect.storagePoolGetAutostart(pool)).toBe(true);
  });

  it("takes another name for a volume whose name is taken", async () => {
    await createMachine(connect, plan([volume("a.img")], "test", false), control());
    const [first] = await connect.connectListAllDomains(2);
    if (first) await connect.domainUndefineFlags(first, 0);
    await createMachine(connect, plan([volume("a.img")], "test", false), control());
    expect(await volumesOf("default")).toEqual(["a.img", "a-2.img"]);
    expect(freeFileName("x", new Set(["x", "x-2"]))).toBe("x-3");
    expect(freeFileName(".x", new Set([".x"]))).toBe(".x-2");
  });

  it("leaves nothing when the definition is refused", async () => {
    const refused = createMachine(connect, plan([volume("a.img", [1])], "kvm"), control());
    await expect(refused).rejects.toThrow("could not find capabilities for domaintype=kvm");
    expect(await volumesOf("default")).toEqual([]);
    expect(await names()).toEqual(["test"]);
  });

  it("leaves nothing when the machine does not start", async () => {
    const start = vmError("operationFailed", "it will not");
    const broken = new Proxy(connect, {
      get: (target, name) =>
        name === "domainCreateWithFlags" ? () => Promise.reject(start) : Reflect.get(target, name),
    });
    await expect(createMachine(broken, plan([volume("a.img")]), control())).rejects.toBe(start);
    expect(await volumesOf("default")).toEqual([]);
    expect(await names()).toEqual(["test"]);
  });

  it("leaves nothing when an upload fails, and tells why", async () => {
    receive = async (_, stream) => {
      await stream.read();
      throw vmError("systemError", "disk full");
    };
    const bytes = Array.from({ length: 9 }, () => 1);
    const failed = createMachine(connect, plan([volume("a.img", bytes)]), control());
    await expect(failed).rejects.toThrow("disk full");
    expect(await volumesOf("default")).toEqual([]);
  });

  it("does not wait for bytes that nobody takes any more", async () => {
    receive = () => Promise.reject(vmError("systemError", "disk full"));
    const slow: PlannedVolume = {
      ...volume("a.img"),
      content: {
        sizeBytes: 1,
        async *read(signal) {
          await new Promise<void>((resolve) => signal.addEventListener("abort", resolve));
          signal.throwIfAborted();
          yield Uint8Array.of(1);
        },
      },
    };
    await expect(createMachine(connect, plan([slow]), control())).rejects.toThrow("disk full");
    expect(await volumesOf("default")).toEqual([]);
  });

  it("leaves nothing when it is given up", async () => {
    const abort = new AbortController();
    receive = async (_, stream) => {
      await stream.read();
      abort.abort();
      await stream.read();
    };
    const bytes = Array.from({ length: 9 }, () => 1);
    const given = createMachine(
      connect,
      plan([volume("a.img"), volume("b.img", bytes)]),
      control(abort.signal),
    );
    await expect(given).rejects.toMatchObject({ name: "AbortError" });
    expect(await volumesOf("default")).toEqual([]);
    expect(await names()).toEqual(["test"]);
  });

  it("runs an installer first, and keeps what follows", async () => {
    const { define, ...rest } = plan([]);
    const uuid = textElement("uuid", "6695eb01-f6a4-8304-79aa-97f250200000");
    const { definition } = define([]);
    const later = { ...definition, children: [uuid, ...definition.children] };
    const first = { ...later, children: [...later.children, textElement("on_reboot", "destroy")] };
    const both = { ...rest, define: () => ({ definition: later, first }) };
    const domain = await createMachine(connect, both, control());
    expect(await connect.domainGetXMLDesc(domain, 0)).toContain("<on_reboot>destroy<");
    expect(await connect.domainGetXMLDesc(domain, 2)).toContain("<on_reboot>restart<");
  });
});
