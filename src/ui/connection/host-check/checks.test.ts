import { describe, expect, it } from "vitest";
import { firstMissing } from "../../app/missing.ts";
import { translator } from "../../i18n/catalogue.ts";
import { en } from "../../i18n/en.ts";
import { type CheckLevel, hostChecks } from "./checks.ts";
import type { HostEnvironment } from "./environment.ts";
import { hostReport } from "./report.ts";
import { WASM_PROBES } from "./wasm-features.ts";

const t = translator(en);

const GOOD: HostEnvironment = {
  isSecureContext: true,
  crossOriginIsolated: true,
  sharedArrayBuffer: true,
  wasm: true,
  simd: true,
  threads: true,
  bulkMemory: true,
  relaxedSimd: true,
  sharedMemoryBytes: 4 * 2 ** 30,
  waitAsync: true,
  locks: true,
  broadcast: true,
  privateFiles: true,
  syncAccess: true,
  quota: { quota: 100 * 2 ** 30, usage: 2 ** 30 },
  persisted: true,
  cores: 8,
  deviceMemoryGib: 8,
  folders: true,
  serviceWorker: true,
};

/** The checks that do not pass, and their levels. */
const failing = (change: Partial<HostEnvironment>): Record<string, CheckLevel> =>
  Object.fromEntries(
    hostChecks({ ...GOOD, ...change })
      .filter(({ level }) => level !== "pass")
      .map(({ id, level }) => [id, level]),
  );

describe("the host check", () => {
  it("passes where everything is there", () => {
    expect(failing({})).toEqual({});
    expect(failing({ deviceMemoryGib: null })).toEqual({});
  });

  it.each<[Partial<HostEnvironment>, string, CheckLevel]>([
    [{ isSecureContext: false }, "secure", "fail"],
    [{ crossOriginIsolated: false }, "isolation", "fail"],
    [{ sharedArrayBuffer: false }, "sharedMemory", "fail"],
    [{ wasm: false }, "wasm", "fail"],
    [{ simd: false }, "simd", "fail"],
    [{ threads: false }, "threads", "fail"],
    [{ bulkMemory: false }, "bulkMemory", "fail"],
    [{ relaxedSimd: false }, "relaxedSimd", "warn"],
    [{ sharedMemoryBytes: 2 ** 30 }, "memorySize", "warn"],
    [{ waitAsync: false }, "waitAsync", "warn"],
    [{ locks: false }, "locks", "fail"],
    [{ broadcast: false }, "broadcast", "fail"],
    [{ privateFiles: false }, "privateFiles", "warn"],
    [{ syncAccess: false }, "syncAccess", "warn"],
    [{ quota: null }, "quota", "warn"],
    [{ quota: { quota: 2 ** 30, usage: 2 ** 29 } }, "quota", "warn"],
    [{ persisted: false }, "persisted", "warn"],
    [{ persisted: null }, "persisted", "warn"],
    [{ cores: 1 }, "cores", "warn"],
    [{ deviceMemoryGib: 2 }, "deviceMemory", "warn"],
    [{ folders: false }, "folders", "warn"],
    [{ serviceWorker: false }, "serviceWorker", "warn"],
  ])("with %j says that only %s is wrong", (change, id, level) => {
    expect(failing(change)).toEqual({ [id]: level });
  });

  it("says in one sentence how to fix what does not pass, and nothing else", () => {
    const bad = Object.fromEntries(
      Object.entries(GOOD).map(([key, value]) => [key, typeof value === "boolean" ? false : value]),
    ) as unknown as HostEnvironment;
    for (const check of hostChecks(bad)) {
      expect(check.fix(t)).toMatch(check.level === "pass" ? /^$/ : /^[A-Z].*\.$/);
    }
  });

  it("fails exactly where the page says that machines cannot run", () => {
    const required = [
      "isSecureContext",
      "crossOriginIsolated",
      "sharedArrayBuffer",
      "wasm",
      "simd",
      "threads",
      "bulkMemory",
      "locks",
      "broadcast",
    ] as const;
    for (let mask = 0; mask < 1 << required.length; mask += 1) {
      const change = Object.fromEntries(
        required.map((key, bit) => [key, (mask & (1 << bit)) === 0]),
      );
      const host: HostEnvironment = { ...GOOD, ...change };
      const wasmFeatures = host.simd && host.threads && host.bulkMemory;
      const tabs = host.locks && host.broadcast;
      const missing = firstMissing({ ...host, wasmFeatures, tabs });
      const fails = hostChecks(host).some(({ level }) => level === "fail");
      expect({ change, fails }).toEqual({ change, fails: missing !== null });
    }
  });
});

describe("the report", () => {
  it("is virt-host-validate's", () => {
    const lines = hostReport(hostChecks({ ...GOOD, locks: false, cores: 1 }), t).split("\n");
    expect(lines).toContain(
      "  QEMU: Checking for cross-origin isolation                                  : PASS",
    );
    expect(lines).toContain(
      "  QEMU: Checking for Web Locks                                               : FAIL (Use a current Chrome, Edge, Firefox or Safari.)",
    );
    expect(lines.find((line) => line.includes("processors"))).toContain(": WARN (");
    expect(lines.at(-1)).toBe("");
  });
});

describe("the modules that ask for WebAssembly's features", () => {
  // Node 20 has no relaxed SIMD; the page's tests ask a browser for it.
  it.each(["threads", "simd", "bulkMemory"] as const)("%s is valid where this runs", (probe) => {
    expect(WebAssembly.validate(WASM_PROBES[probe])).toBe(true);
  });

  it("are not valid when a byte of them is wrong", () => {
    const bytes = WASM_PROBES.bulkMemory.slice();
    bytes[bytes.length - 3] = 0x7f;
    expect(WebAssembly.validate(bytes)).toBe(false);
  });
});
