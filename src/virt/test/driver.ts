/**
 * The `test` driver, as libvirt's: domains that live in memory for as long as the connection, so
 * that whatever sits above can be tried with no VM. `test:///default` holds one running domain.
 */
import type { MachineStats, StateEvent } from "../../api/types.ts";
import { machineStats, NO_VCPU_STATS, type VcpuStats } from "../../protocol/stats.ts";
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { Capabilities, Connection, ImageFile } from "../connection.ts";
import { type ConsoleDevice, ConsoleLog, type DomainConsole } from "../console.ts";
import type { Domain, DomainDefinition, DomainDiff, ImageRef } from "../domain.ts";
import { type DomainDisks, noDisks } from "../domain-disks.ts";
import { DomainTable } from "../domain-table.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import type { Driver } from "../registry.ts";
import type { PoolDefinition } from "../storage/pool.ts";
import type { Storage } from "../storage/storage.ts";
import { checkDefinition } from "../validate.ts";
import type { Verb } from "../verbs.ts";
import { FakeShell } from "./fake-shell.ts";

const MIB = 2 ** 20;

/** The UUID of the domain that libvirt's own test:///default begins with. */
const TEST_UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f";

const guestFile = (path: string) => ({ path, sizeBytes: MIB });
const IMAGES = {
  firmware: guestFile("firmware.bin"),
  kernel: guestFile("kernel"),
  initrd: guestFile("initrd.cpio"),
  notes: [],
};

const TEST_GUEST: GuestManifest = {
  name: "shell",
  title: "Test shell",
  key: "",
  leastMemoryBytes: 96 * MIB,
  usualMemoryBytes: 256 * MIB,
  boots: {
    fast: {
      ...IMAGES,
      append:
        "console=ttyS0 quiet cryptomgr.notests " +
        "initcall_blacklist=jent_mod_init,load_system_certificate_list",
    },
    stock: { ...IMAGES, append: "console=ttyS0" },
  },
};

const TEST_DOMAIN: DomainDefinition = {
  uuid: TEST_UUID,
  name: "test",
  memoryBytes: 256 * MIB,
  vcpus: 2,
  boot: { kind: "guest", guest: "shell", commandLine: { kind: "fast" } },
};

/** The pool that libvirt's begins with. */
const TEST_POOL: PoolDefinition = {
  uuid: "dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566",
  name: "default-pool",
  type: "dir",
  targetPath: "/default-pool",
  source: {},
  autostart: true,
};

const CAPABILITIES: Capabilities = {
  minMemoryBytes: 64 * MIB,
  maxMemoryBytes: 3072 * MIB,
  memoryStepBytes: 2 * MIB,
  maxVcpus: 16,
  imagesPersist: false,
};

/** Instructions a second that a test domain pretends to execute. */
const FAKE_IPS = 250e6;

/** Counters in the proportions of a guest that computes. */
function fakeStats(instructions: number, hartMs: number): VcpuStats {
  const every = (count: number): number => Math.floor(instructions / count);
  return {
    ...NO_VCPU_STATS,
    instructions,
    hartMs,
    decodes: 40_000,
    tlbMisses: every(5000),
    slowAccesses: every(4000),
    fetchMisses: every(50_000),
    traps: every(100_000),
    interrupts: Math.floor(hartMs / 4),
    translator: {
      ...NO_VCPU_STATS.translator,
      instructions: every(1) - every(20),
      entries: every(1000),
      modules: 40,
      regions: 480,
      bytes: 1_200_000,
      translations: 480,
      translateMs: 90,
      compileMs: 35,
    },
  };
}

export interface TestDriverOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Waits; verbs take `latencyMs` of it. */
  readonly delay: (ms: number) => Promise<void>;
  readonly latencyMs: number;
  /** Storage in memory, with this pool that is active. */
  openStorage(first: PoolDefinition): Promise<Storage>;
}

export function testDriver(options: TestDriverOptions): Driver {
  return {
    scheme: "test",
    open: async (uri) => new TestConnection(uri, options, await options.openStorage(TEST_POOL)),
  };
}

interface Guest {
  readonly shell: FakeShell;
  readonly log: ConsoleLog;
  readonly console: DomainConsole;
}

class TestConnection implements Connection {
  readonly uri: string;
  readonly capabilities = CAPABILITIES;
  readonly storage: Storage;
  readonly #options: TestDriverOptions;
  readonly #table: DomainTable;
  readonly #guests = new Map<string, Guest>();

  constructor(uri: string, options: TestDriverOptions, storage: Storage) {
    if (uri !== "test:///default") {
      throw vmError("invalidArg", `the test driver knows no '${uri}'`, {
        domain: ErrorDomain.test,
      });
    }
    this.uri = uri;
    this.storage = storage;
    this.#options = options;
    this.#table = new DomainTable(options.nowMs);
    this.#table.define(TEST_DOMAIN);
    this.#started(TEST_UUID, "booted");
  }

  domains(): readonly Domain[] {
    return this.#table.list();
  }

  subscribe(listener: (diff: DomainDiff) => void): () => void {
    return this.#table.subscribe(listener);
  }

  async define(definition: DomainDefinition): Promise<void> {
    checkDefinition(definition, this.capabilities);
    this.#table.define(definition);
  }

  async undefine(uuid: string): Promise<void> {
    await this.#table.run(uuid, "undefine", this.#wait);
    this.#table.remove(uuid);
    this.#guests.delete(uuid);
  }

  async create(uuid: string): Promise<void> {
    await this.#verb(uuid, "create", () => this.#started(uuid, "booted"));
  }

  async suspend(uuid: string): Promise<void> {
    await this.#verb(uuid, "suspend", { state: "paused", reason: "user" });
  }

  async resume(uuid: string): Promise<void> {
    await this.#verb(uuid, "resume", { state: "running", reason: "unpaused" });
  }

  async reset(uuid: string): Promise<void> {
    await this.#verb(uuid, "reset", () => this.#started(uuid, "booted"));
  }

  async shutdown(uuid: string): Promise<void> {
    await this.#verb(uuid, "shutdown", { state: "shutoff", reason: "shutdown", exitCode: 0 });
  }

  async destroy(uuid: string): Promise<void> {
    await this.#verb(uuid, "destroy", { state: "shutoff", reason: "destroyed" });
  }

  consoles(): readonly ConsoleDevice[] {
    return ["serial0"];
  }

  console(uuid: string): DomainConsole {
    this.#table.get(uuid);
    return this.#guest(uuid).console;
  }

  async stats(uuid: string): Promise<MachineStats | null> {
    const { state, startedAtMs, definition } = this.#table.get(uuid);
    if (state === "shutoff" || startedAtMs === undefined) return null;
    const hartMs = this.#options.nowMs() - startedAtMs;
    const instructions = hartMs * (FAKE_IPS / 1000);
    const vcpu = fakeStats(instructions, hartMs);
    return machineStats(Array.from({ length: definition.vcpus }, () => vcpu));
  }

  disks(uuid: string): DomainDisks {
    this.#table.get(uuid);
    return noDisks();
  }

  async guests(): Promise<readonly GuestManifest[]> {
    return [TEST_GUEST];
  }

  async storeImage(file: ImageFile): Promise<ImageRef> {
    return { key: file.name, name: file.name, sizeBytes: file.size };
  }

  readonly #wait = (): Promise<void> => this.#options.delay(this.#options.latencyMs);

  /** Runs a verb that ends in an event, or in whatever `then` does. */
  async #verb(uuid: string, verb: Verb, then: StateEvent | (() => void)): Promise<void> {
    await this.#table.run(uuid, verb, async () => {
      await this.#wait();
      if (typeof then === "function") then();
      else this.#table.stateChanged(uuid, then);
    });
  }

  #started(uuid: string, reason: StateEvent["reason"]): void {
    this.#table.stateChanged(uuid, { state: "running", reason });
    this.#guest(uuid).shell.boot(this.#table.get(uuid).definition.name);
  }

  #guest(uuid: string): Guest {
    const known = this.#guests.get(uuid);
    if (known) return known;
    const log = new ConsoleLog();
    const change = (event: StateEvent) => this.#table.stateChanged(uuid, event);
    const shell = new FakeShell({
      write: (bytes) => void log.push(bytes),
      poweroff: () => change({ state: "shutoff", reason: "shutdown", exitCode: 0 }),
      reboot: () => this.#started(uuid, "booted"),
      crash: () => {
        const message = "the guest asked the test driver to crash";
        change({ state: "crashed", reason: "crashed", message });
      },
    });
    const guest = { shell, log, console: this.#console(uuid, shell, log) };
    this.#guests.set(uuid, guest);
    return guest;
  }

  #console(uuid: string, shell: FakeShell, log: ConsoleLog): DomainConsole {
    const listening = () => this.#table.has(uuid) && this.#table.get(uuid).state === "running";
    return {
      attach: (listener) => log.attach(listener),
      backlog: () => log.backlog(),
      write: async (bytes) => {
        if (listening()) shell.input(bytes);
      },
      sendBreak: async () => {
        if (listening()) shell.break();
      },
    };
  }
}
