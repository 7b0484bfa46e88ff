/**
 * `test:///default`: libvirt's mock driver. Nothing runs; all objects live as long as the
 * connection, and behave, fail and count as libvirt's do.
 */
import { vmError } from "../../../protocol/vm-error.ts";
import { utf8Text } from "../../../util/bytes.ts";
import { parseDomain } from "../../conf/domain/parse.ts";
import { parseNetwork } from "../../conf/network/parse.ts";
import { DomainRunningReason } from "../../driver/domain-flags.ts";
import type { ConnectDriver, DriverConnection } from "../../driver/driver.ts";
import {
  DEFAULT_DOMAIN,
  DEFAULT_INTERFACE,
  DEFAULT_NETWORK,
  DEFAULT_NODE_DEVICE,
  DEFAULT_POOL,
} from "./default-objects.ts";
import { blkioCalls, ioTuneCalls } from "./block-tuning.ts";
import { checkpointCalls } from "./checkpoint-calls.ts";
import { guestCalls } from "./guest-calls.ts";
import { hostCalls } from "./host-calls.ts";
import { infoCalls } from "./info-calls.ts";
import { refusingUnknownFlags } from "./known-flags.ts";
import { lifecycleCalls, startDomain } from "./lifecycle-calls.ts";
import { memoryLimits, numaCalls } from "./memory-tuning.ts";
import { networkCalls } from "./network-calls.ts";
import { loadNode } from "./node-file.ts";
import { iothreadCalls, pinCalls } from "./pin-calls.ts";
import type { TestPorts } from "./ports.ts";
import { memoryCalls, vcpuCalls } from "./resource-calls.ts";
import { snapshotCalls } from "./snapshot-calls.ts";
import { TEST, TestState } from "./state.ts";
import { statsCalls } from "./stats-calls.ts";
import { storageCalls } from "./storage-calls.ts";
import { tuningCalls } from "./tuning-calls.ts";

/** The driver of the scheme `test`; `test:///path` loads its objects from a file. */
export function testDriver(ports: TestPorts): ConnectDriver {
  return {
    scheme: "test",
    open: async ({ path }) => {
      const state = new TestState(ports);
      if (path === "" || path === "/") {
        throw vmError("invalidArg", "testOpen: supply a path or use test:///default", TEST);
      }
      if (path === "/default") loadDefaults(state);
      else await loadNode(state, utf8Text(await ports.readFile(path)), path);
      return connectionOf(state);
    },
  };
}

function connectionOf(state: TestState): DriverConnection {
  return refusingUnknownFlags({
    ...hostCalls(state),
    ...lifecycleCalls(state),
    ...infoCalls(state),
    ...memoryCalls(state),
    ...vcpuCalls(state),
    ...statsCalls(state),
    ...tuningCalls(state),
    ...memoryLimits(state),
    ...numaCalls(state),
    ...blkioCalls(state),
    ...ioTuneCalls(state),
    ...pinCalls(state),
    ...iothreadCalls(state),
    ...guestCalls(state),
    ...snapshotCalls(state),
    ...checkpointCalls(state),
    ...storageCalls(state),
    ...networkCalls(state),
    close: async () => {},
  });
}

function loadDefaults(state: TestState): void {
  const definition = parseDomain(DEFAULT_DOMAIN, state.context, { inactive: true });
  startDomain(state, state.domains.add(definition), DomainRunningReason.unknown);
  const network = state.networks.add(parseNetwork(DEFAULT_NETWORK, state.ports), false);
  network.live = network.config;
  state.pools.add(DEFAULT_POOL, true).active = true;
  state.nodeDevices.add(DEFAULT_NODE_DEVICE);
  state.interfaces.define(DEFAULT_INTERFACE, true);
}
