/**
 * `qemu:///system`: our own machines as libvirt's domains. One host holds them all; each connection
 * to it sees the same.
 */
import { vmError } from "../../../protocol/vm-error.ts";
import { parseQemuDomain } from "../../conf/domain/qemu/canonical.ts";
import { domainName, domainUuid } from "../../conf/domain/view.ts";
import { parseNetwork } from "../../conf/network/parse.ts";
import { DomainShutoffReason } from "../../driver/domain-flags.ts";
import type { DriverConnection } from "../../driver/driver.ts";
import type { Storage } from "../../storage/storage.ts";
import { formatXml } from "../../xml/format.ts";
import { type DomainObject, DomainObjects } from "../objects/domain-objects.ts";
import { consoleCalls } from "./console-calls.ts";
import { hostCalls } from "./host-calls.ts";
import { infoCalls } from "./info-calls.ts";
import { endOwnRuns, lifecycleCalls, renamed } from "./lifecycle-calls.ts";
import { networkCalls } from "./network-calls.ts";
import { PoolFiles } from "./pool-files.ts";
import { followPools, poolCalls } from "./pool-calls.ts";
import { powerCalls } from "./power-calls.ts";
import type { QemuPorts } from "./ports.ts";
import { QemuState, usersOf } from "./qemu-state.ts";
import { rareCalls } from "./rare-calls.ts";
import type { Run } from "./run.ts";
import { startDomain, stopDomain } from "./running.ts";
import { sweepScratch } from "./scratch-files.ts";
import { secretCalls } from "./secret-calls.ts";
import { statsCalls } from "./stats-calls.ts";
import { volumeCalls } from "./volume-calls.ts";

const HOST_UUID = "host-uuid";

/** The driver's objects, and the machines that run. */
export interface QemuHost {
  connection(): DriverConnection;
  /** Starts the domains that are marked for it; calls back with those that cannot be started. */
  autostart(failed: (domain: string, error: unknown) => void): Promise<void>;
  /**
   * Ends all machines: their guests are asked to power off, and those that have not when
   * `impatient` resolves are ended without them.
   */
  close(impatient: Promise<unknown>): Promise<void>;
}

/**
 * Reads what is stored.
 *
 * @param damaged told each file that is no definition; it is left alone
 */
export async function openQemuHost(
  ports: QemuPorts,
  damaged: (name: string, error: unknown) => void,
): Promise<QemuHost> {
  const domains = new DomainObjects();
  const storage: Storage = await ports.openStorage(
    (path) => usersOf(domains, storage, path),
    new PoolFiles(ports, damaged),
  );
  const state = new QemuState(ports, storage, domains, await hostUuid(ports));
  await loadDomains(state, damaged);
  await loadNetworks(state, damaged);
  await state.secrets.load(damaged);
  followPools(state);
  sweepScratch(state);
  return {
    connection: () => connectionOf(state),
    autostart: (failed) => autostart(state, failed),
    close: async (impatient) => {
      await Promise.all(activeDomains(state).map((each) => powerOff(state, each, impatient)));
    },
  };
}

/** Made at the first call. */
async function hostUuid({ files, newUuid }: QemuPorts): Promise<string> {
  const stored = await files.read(HOST_UUID);
  // Browsers may leave an empty one when they end in the making.
  if (stored !== null && stored !== "") return stored;
  const made = newUuid();
  await files.write(HOST_UUID, made);
  return made;
}

function connectionOf(state: QemuState): DriverConnection {
  const own = new Set<Run>();
  return {
    ...hostCalls(state),
    ...lifecycleCalls(state, own),
    ...powerCalls(state),
    ...infoCalls(state),
    ...statsCalls(state),
    ...consoleCalls(state),
    ...rareCalls(state),
    ...poolCalls(state),
    ...volumeCalls(state),
    ...networkCalls(state),
    ...secretCalls(state),
    close: () => endOwnRuns(state, own),
  };
}

function activeDomains({ domains }: QemuState) {
  return domains.all().filter(({ isActive }) => isActive);
}

async function powerOff(
  state: QemuState,
  domain: DomainObject,
  impatient: Promise<unknown>,
): Promise<void> {
  const run = state.runs.get(domain.uuid);
  if (run?.machine.state === "running") {
    run.rebooting = false;
    const { ended } = run.machine;
    // A guest that does not obey is ended below.
    void run.machine.shutdown().catch(() => {});
    await Promise.race([ended, impatient]);
  }
  if (domain.isActive) await stopDomain(state, domain, DomainShutoffReason.daemon);
}

/** A crash in a renaming leaves both names: both definitions are whole, and the first one stays. */
async function loadDomains(
  state: QemuState,
  damaged: (name: string, error: unknown) => void,
): Promise<void> {
  for (const { name, text, autostart: auto } of await state.domainFiles.load()) {
    try {
      const definition = parseQemuDomain(text, state.context, {
        inactive: true,
        newDomain: false,
      });
      if (domainName(definition) !== name) {
        throw vmError("internalError", `it is of the domain '${domainName(definition)}'`);
      }
      const twin = state.domains.byUuid(domainUuid(definition))?.config;
      if (twin && formatXml(renamed(twin, name)) === formatXml(definition)) {
        await state.domainFiles.remove(name);
        continue;
      }
      state.domains.add(definition).autostart = auto;
    } catch (error) {
      damaged(name, error);
    }
  }
}

async function loadNetworks(
  state: QemuState,
  damaged: (name: string, error: unknown) => void,
): Promise<void> {
  for (const { name, text, autostart: auto } of await state.networkFiles.load()) {
    try {
      state.networks.add(parseNetwork(text, state.ports), false).autostart = auto;
    } catch (error) {
      damaged(name, error);
    }
  }
}

async function autostart(
  state: QemuState,
  failed: (domain: string, error: unknown) => void,
): Promise<void> {
  for (const domain of state.domains.all()) {
    if (!domain.autostart || domain.isActive) continue;
    try {
      await state.job(domain.uuid, () => startDomain(state, domain, false));
    } catch (error) {
      failed(domain.name, error);
    }
  }
}
