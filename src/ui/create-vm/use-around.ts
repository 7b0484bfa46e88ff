/** What a draft is judged by, fresh while the wizard is open. */
import { useEffect, useMemo, useState } from "react";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { BOOT_POOL, DEFAULT_POOL } from "../../virt/manager/ensure-pool.ts";
import { type Platform, TABVISOR_PLATFORM } from "../../virt/manager/new-domain.ts";
import type { ManagedNetwork, ManagedPool } from "../../virt/manager/objects.ts";
import { platformOf } from "../../virt/manager/platform.ts";
import { usersOf } from "../../virt/manager/volume-users.ts";
import type { WebImage } from "../common/web-image.ts";
import { isActivePool } from "../common/use-volumes.ts";
import { useDomains, useManager, useNetworks, usePools, useShell } from "../shell/context.tsx";
import type { Around, NetworkChoice, PoolChoice } from "./around.ts";

export interface Loaded {
  readonly around: Around;
  /** Why no guests are known; null while nobody knows, and when they are. */
  readonly guestsError: unknown;
  readonly areGuestsKnown: boolean;
}

/** @param web what is at the draft's address, as far as it is known */
export function useAround(web: WebImage | null): Loaded {
  const { host } = useManager();
  const { guests, error } = useGuests();
  const platform = usePlatform();
  const domains = useDomains();
  const pools = usePools();
  const networks = useNetworks();
  const around = useMemo<Around>(
    () => ({
      guests: guests ?? [],
      domains: new Map(domains.map(({ name, uuid }) => [name, uuid])),
      ...poolChoices(pools),
      ...networkChoices(networks),
      host: {
        cpus: host.cpus,
        memoryMib: Math.floor(host.memoryKib / 1024),
        maxVcpus: host.maxVcpus,
      },
      platform,
      web,
      usersOf: (volume) => usersOf(volume, domains).map(({ name }) => name),
    }),
    [guests, domains, pools, networks, host, platform, web],
  );
  return { around, guestsError: error, areGuestsKnown: guests !== null };
}

function useGuests(): { guests: readonly GuestManifest[] | null; error: unknown } {
  const { guests: load } = useShell();
  const [known, setKnown] = useState<{ guests: readonly GuestManifest[] | null; error: unknown }>({
    guests: null,
    error: null,
  });
  useEffect(() => {
    let wanted = true;
    load().then(
      (guests) => wanted && setKnown({ guests, error: null }),
      (error: unknown) => wanted && setKnown({ guests: [], error }),
    );
    return () => void (wanted = false);
  }, [load]);
  return known;
}

/** Our own machine until the connection has told. */
function usePlatform(): Platform {
  const { connect } = useManager();
  const [platform, setPlatform] = useState(TABVISOR_PLATFORM);
  useEffect(() => {
    let wanted = true;
    platformOf(connect).then(
      (found) => wanted && setPlatform(found),
      // Defining says what is wrong.
      () => {},
    );
    return () => void (wanted = false);
  }, [connect]);
  return platform;
}

/** Types of pools whose volumes are files, so that images can be copied into them and stand on others. */
const FILE_POOLS: ReadonlySet<string> = new Set(["dir", "fs", "netfs"]);

/** The pool `default` is there, or is made; a connection that has others only offers those. */
function poolChoices(pools: readonly ManagedPool[]): Pick<Around, "pools" | "defaultPool"> {
  const usable = pools.filter(
    (pool) => isActivePool(pool) && FILE_POOLS.has(pool.definition.attributes.get("type") ?? ""),
  );
  const choices = usable.map(({ name, available }): PoolChoice => ({
    name,
    availableBytes: available,
  }));
  const standard =
    choices.find(({ name }) => name === DEFAULT_POOL.name) ??
    choices.find(({ name }) => name !== BOOT_POOL.name);
  if (standard) return { pools: choices, defaultPool: standard.name };
  const made = { name: DEFAULT_POOL.name, availableBytes: undefined };
  return { pools: [made, ...choices], defaultPool: made.name };
}

/** A machine whose network cannot be started cannot be started either. */
function networkChoices(
  networks: readonly ManagedNetwork[],
): Pick<Around, "networks" | "defaultNetwork"> {
  const choices = networks.map(({ name, isActive }): NetworkChoice => ({ name, isActive }));
  const standard =
    choices.find(({ name, isActive }) => isActive && name === "default") ??
    choices.find(({ isActive }) => isActive);
  return { networks: choices, defaultNetwork: standard?.name ?? "" };
}
