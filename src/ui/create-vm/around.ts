/** What a draft is judged by: the connection, the guests that are served, what is at an address. */
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import type { Platform } from "../../virt/manager/new-domain.ts";
import type { ChosenVolume } from "./draft.ts";
import type { WebImage } from "../common/web-image.ts";

export interface PoolChoice {
  readonly name: string;
  /** Bytes; undefined for a pool that is yet to be made. */
  readonly availableBytes: number | undefined;
}

export interface NetworkChoice {
  readonly name: string;
  readonly isActive: boolean;
}

export interface Around {
  readonly guests: readonly GuestManifest[];
  /** UUIDs by name. */
  readonly domains: ReadonlyMap<string, string>;
  /** Pools that volumes can be made in. */
  readonly pools: readonly PoolChoice[];
  readonly defaultPool: string;
  readonly networks: readonly NetworkChoice[];
  /** Empty for none. */
  readonly defaultNetwork: string;
  readonly host: { readonly cpus: number; readonly memoryMib: number; readonly maxVcpus: number };
  readonly platform: Platform;
  /** What is at the draft's address; null while that is not known. */
  readonly web: WebImage | null;
  /** Names of the domains that have a volume among their disks. */
  usersOf(volume: ChosenVolume): readonly string[];
}
