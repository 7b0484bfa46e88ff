/**
 * One tab of this origin is the host of all: it runs the machines, and the others reach it. When it
 * goes, the next one in line takes its place.
 */
import type { Channel, ToClient, ToServer } from "../../virt/remote/messages.ts";
import { holdLock, tabChannel } from "./tab-channel.ts";

/** Held by the tab that is the host. */
const HOST_LOCK = "tabvisor host";
const LOBBY = "tabvisor lobby";
/** A host that is just opening does not hear the first knock. */
const KNOCK_MS = 200;

type LobbyMessage =
  | { readonly type: "knock"; readonly client: string }
  | { readonly type: "welcome"; readonly client: string }
  /** A new host is there. */
  | { readonly type: "host" };

export interface TabHostPorts {
  /** Called when this tab becomes the host; it is told of no client before this resolves. */
  begin(): Promise<void>;
  /** A client's end of a channel, when this tab is the host. */
  serve(channel: Channel<ToServer, ToClient>): void;
  /** Another tab became the host, or this one did: channels to the old one are closed. */
  moved(): void;
}

export class TabHost {
  readonly #ports: TabHostPorts;
  readonly #lobby = new BroadcastChannel(LOBBY);
  /** Clients that were heard. */
  readonly #served = new Set<string>();
  #isHere = false;

  /** Resolves when it is known where the host is, and when it is open where that is here. */
  static async open(ports: TabHostPorts): Promise<TabHost> {
    const host = new TabHost(ports);
    await host.#start();
    return host;
  }

  private constructor(ports: TabHostPorts) {
    this.#ports = ports;
  }

  /** Whether the machines run in this tab. */
  get isHere(): boolean {
    return this.#isHere;
  }

  /** A channel to the host in another tab. */
  async connect(): Promise<Channel<ToClient, ToServer>> {
    const client = crypto.randomUUID();
    const release = await holdLock(clientLock(client));
    const welcome = new Promise<void>((resolve) => {
      const heard = ({ data }: MessageEvent<LobbyMessage>): void => {
        if (data.type !== "welcome" || data.client !== client) return;
        this.#lobby.removeEventListener("message", heard);
        resolve();
      };
      this.#lobby.addEventListener("message", heard);
    });
    const knock = (): void => this.#say({ type: "knock", client });
    knock();
    const again = setInterval(knock, KNOCK_MS);
    await welcome;
    clearInterval(again);
    return tabChannel(channelName(client), release, hostLock(client));
  }

  async #start(): Promise<void> {
    this.#lobby.addEventListener(
      "message",
      ({ data }: MessageEvent<LobbyMessage>) => void this.#heard(data),
    );
    const isFirst = await new Promise<boolean>((resolve, reject) => {
      const options = { ifAvailable: true };
      const take = (lock: Lock | null): Promise<void> | undefined => {
        resolve(lock !== null);
        return lock ? new Promise(() => {}) : undefined;
      };
      navigator.locks.request(HOST_LOCK, options, take).catch(reject);
    });
    if (isFirst) return this.#begin();
    // The lock is kept until this tab is gone, too.
    void navigator.locks.request(HOST_LOCK, async () => {
      await this.#begin();
      this.#ports.moved();
      await new Promise(() => {});
    });
  }

  async #begin(): Promise<void> {
    await this.#ports.begin();
    this.#isHere = true;
    this.#say({ type: "host" });
  }

  async #heard(message: LobbyMessage): Promise<void> {
    if (message.type === "host") return this.#ports.moved();
    if (message.type !== "knock" || !this.#isHere || this.#served.has(message.client)) return;
    const { client } = message;
    this.#served.add(client);
    const release = await holdLock(hostLock(client));
    this.#ports.serve(tabChannel(channelName(client), release, clientLock(client)));
    this.#say({ type: "welcome", client });
  }

  #say(message: LobbyMessage): void {
    this.#lobby.postMessage(message);
  }
}

const channelName = (client: string): string => `tabvisor client ${client}`;
/** Held by the client's end. */
const clientLock = (client: string): string => `${channelName(client)}: its end`;
/** Held by the host's end. */
const hostLock = (client: string): string => `${channelName(client)}: the host's end`;
