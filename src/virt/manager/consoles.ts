/** Consoles of domains as a manager keeps them: what was said stays, over the domain's runs. */
import { ConsoleLog, type DomainConsole, type ConsoleListener } from "../console.ts";
import type { Connect } from "../driver/connect.ts";
import { DomainConsoleFlags } from "../driver/domain-flags.ts";
import { Pipe } from "../driver/pipe.ts";
import type { Stream } from "../driver/streams.ts";
import type { ManagedDomain } from "./objects.ts";

/**
 * `idle`: nothing is open, the domain is not active. `taken`: another session has it, in another window
 * or at a terminal. `failed`: it could not be opened.
 */
export type ConsoleState = "idle" | "open" | "taken" | "failed";

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** One console; the same object over the domain's life. */
export class ManagedConsole implements DomainConsole {
  readonly device: string;
  /** Whether the device has break conditions; else the guest is told the terminal's size. */
  readonly sendBreak?: () => Promise<void>;
  readonly resize?: (columns: number, rows: number) => void;
  readonly #connect: () => Connect;
  readonly #log = new ConsoleLog();
  readonly #listeners = new Set<() => void>();
  #domain: ManagedDomain;
  #session: Stream | null = null;
  #state: ConsoleState = "idle";
  #error: unknown = null;
  #size: Size | null = null;

  constructor(connect: () => Connect, domain: ManagedDomain, device: string) {
    this.#connect = connect;
    this.#domain = domain;
    this.device = device;
    if (device.startsWith("serial")) {
      this.sendBreak = () => connect().domainSendBreak(this.#domain.ref, device);
    } else {
      this.resize = (columns, rows) => {
        this.#size = { columns, rows };
        this.#tellSize();
      };
    }
  }

  get state(): ConsoleState {
    return this.#state;
  }

  /** Why it is `failed`. */
  get error(): unknown {
    return this.#error;
  }

  /** Calls back when `state` changed. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(listener: ConsoleListener): () => void {
    return this.#log.attach(listener);
  }

  backlog(): Uint8Array {
    return this.#log.backlog();
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#session?.write(bytes);
  }

  /** Opens it for an active domain, taking it from another session. */
  async open(): Promise<void> {
    if (this.#session) return;
    const { ref } = this.#domain;
    const { driverEnd, userEnd } = new Pipe();
    this.#session = userEnd;
    try {
      const flags = DomainConsoleFlags.force;
      await this.#connect().domainOpenConsole(ref, this.device, driverEnd, flags);
    } catch (error) {
      this.#session = null;
      this.#error = error;
      this.#become("failed");
      return;
    }
    this.#become("open");
    this.#tellSize();
    void this.#follow(userEnd);
  }

  /** Leaves it to others; what was said stays. */
  close(): void {
    this.#session?.abort();
    this.#session = null;
    this.#become("idle");
  }

  /** The domain's new snapshot: a new run's console is opened. */
  async update(domain: ManagedDomain): Promise<void> {
    const before = this.#domain.ref.id;
    this.#domain = domain;
    const { id } = domain.ref;
    if (id === before && (id < 0 || this.#state !== "idle")) return;
    if (id !== before) this.close();
    if (id > 0) await this.open();
  }

  async #follow(session: Stream): Promise<void> {
    let taken = false;
    try {
      for (let piece = await session.read(); piece !== null; piece = await session.read()) {
        if (typeof piece !== "number") await this.#log.push(piece);
      }
    } catch {
      taken = true;
    }
    if (this.#session !== session) return;
    this.#session = null;
    this.#become(taken ? "taken" : "idle");
  }

  /** The guest may have been told another terminal's size. */
  #tellSize(): void {
    if (!this.#size || !this.#session || this.#state !== "open") return;
    const { columns, rows } = this.#size;
    void this.#connect()
      .domainSetConsoleSize(this.#domain.ref, this.device, columns, rows)
      .catch(() => {});
  }

  #become(state: ConsoleState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The consoles that somebody looked at. */
export class Consoles {
  readonly #connect: () => Connect;
  readonly #known = new Map<string, ManagedConsole>();

  constructor(connect: () => Connect) {
    this.#connect = connect;
  }

  /** Opens the console if the domain is active, and again at each of its starts. */
  of(domain: ManagedDomain, device: string): ManagedConsole {
    const key = `${domain.uuid} ${device}`;
    let console = this.#known.get(key);
    if (!console) {
      console = new ManagedConsole(this.#connect, domain, device);
      this.#known.set(key, console);
      if (domain.ref.id > 0) void console.open();
    }
    return console;
  }

  /** Follows the domains' states. */
  update(domains: readonly ManagedDomain[]): void {
    const byUuid = new Map(domains.map((domain) => [domain.uuid, domain]));
    for (const [key, console] of this.#known) {
      const domain = byUuid.get(key.split(" ")[0] ?? "");
      if (domain) void console.update(domain);
      else {
        console.close();
        this.#known.delete(key);
      }
    }
  }

  /** The connection is a new one: what was open is opened there. */
  reopen(domains: readonly ManagedDomain[]): void {
    for (const console of this.#known.values()) console.close();
    this.update(domains);
  }
}
