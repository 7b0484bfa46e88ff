/** What reaches into a guest: clock, file systems, keys, signals, files, metadata. */
import { VmError, vmError } from "../../../protocol/vm-error.ts";
import { utf8Bytes } from "../../../util/bytes.ts";
import { changeOfMetadata, metadataOf } from "../../conf/domain/metadata.ts";
import { parseDomain } from "../../conf/domain/parse.ts";
import { devicesOf, editDomain, ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import {
  DomainCoreDumpFlags,
  DomainEventStartedDetailType as Started,
  DomainEventStoppedDetailType as Stopped,
  DomainEventType as Type,
  DomainRunningReason,
  DomainShutoffReason,
} from "../../driver/domain-flags.ts";
import { KEYCODE_SETS } from "../../driver/key-names.ts";
import { qnumOf } from "../../driver/keycode-sets.ts";
import { setText } from "../../xml/draft.ts";
import { find } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { checkFlags, scopeOf } from "../objects/flags.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { startDomain, stopDomain } from "./lifecycle-calls.ts";
import { fromSaveImage, toSaveImage } from "./save-image.ts";
import { TEST, type TestState } from "./state.ts";

/** The last of `virDomainProcessSignal`. */
const MAX_SIGNAL = 64;

const MOUNTPOINTS = ["/", "/boot"];

type Calls = Pick<
  DomainCalls,
  | "domainGetTime"
  | "domainSetTime"
  | "domainGetFSInfo"
  | "domainFSFreeze"
  | "domainFSThaw"
  | "domainFSTrim"
  | "domainGetLaunchSecurityInfo"
  | "domainSetUserPassword"
  | "domainSendKey"
  | "domainSendProcessSignal"
  | "domainInjectNMI"
  | "domainScreenshot"
  | "domainMemoryPeek"
  | "domainSetLifecycleAction"
  | "domainGetMetadata"
  | "domainSetMetadata"
  | "domainSaveFlags"
  | "domainRestoreFlags"
  | "domainSaveImageGetXMLDesc"
  | "domainSaveImageDefineXML"
  | "domainManagedSave"
  | "domainHasManagedSaveImage"
  | "domainManagedSaveRemove"
  | "domainCoreDumpWithFormat"
  | "domainSetMemoryStatsPeriod"
>;

export function guestCalls(state: TestState): Calls {
  const { domains } = state;
  return {
    domainGetTime: async (ref) => ({
      seconds: state.extras(domains.active(ref)).timeS,
      nanos: 0,
    }),
    domainSetTime: async (ref, seconds) => {
      state.extras(domains.active(ref)).timeS = seconds;
    },
    domainGetFSInfo: async (ref) => {
      const disk = devicesOf(domains.active(ref).definition, "disk").find(
        (each) => each.attributes.get("device") === "disk",
      );
      const name = disk && find(disk, "target")?.attributes.get("dev");
      if (name === undefined) return [];
      return MOUNTPOINTS.map((mountpoint, at) => ({
        mountpoint,
        name: `${name}${at + 1}`,
        fstype: "ext4",
        devAliases: [name],
      }));
    },
    domainFSFreeze: async (ref, mountpoints) => {
      const { frozen } = state.extras(domains.active(ref));
      const wanted = checkMountpoints(mountpoints).filter((each) => !frozen.has(each));
      for (const each of wanted) frozen.add(each);
      return wanted.length;
    },
    domainFSThaw: async (ref, mountpoints) => {
      const { frozen } = state.extras(domains.active(ref));
      const wanted = checkMountpoints(mountpoints).filter((each) => frozen.has(each));
      for (const each of wanted) frozen.delete(each);
      return wanted.length;
    },
    domainFSTrim: async (ref, mountPoint) => {
      domains.active(ref);
      if (mountPoint !== null) checkMountpoints([mountPoint]);
    },
    domainGetLaunchSecurityInfo: async (_ref, flags) => {
      // Callers always say that they know texts, and this driver of libvirt's does not know that.
      const STRING_OKAY = 4;
      checkFlags(flags | STRING_OKAY, 0, "testDomainGetLaunchSecurityInfo", TEST.domain);
      return [];
    },
    domainSetUserPassword: async (ref) => {
      domains.active(ref);
    },
    domainSendKey: async (ref, codeset, _holdTimeMs, keycodes) => {
      domains.active(ref);
      const wrong = keycodes.find((code) => qnumOf(codeset, code) === undefined);
      if (wrong !== undefined) {
        const set = KEYCODE_SETS[codeset] ?? "unknown";
        throw vmError("internalError", `invalid keycode ${wrong} of ${set} codeset`, TEST);
      }
    },
    domainSendProcessSignal: async (ref, pid, signal) => {
      if (pid !== 1n) {
        throw vmError("invalidArg", "only sending a signal to pid 1 is supported", TEST);
      }
      if (signal > MAX_SIGNAL) {
        throw vmError("invalidArg", `signum value ${signal} is out of range`, TEST);
      }
      domains.get(ref);
    },
    domainInjectNMI: async (ref) => {
      domains.active(ref);
    },
    domainScreenshot: async (_ref, stream) => {
      await stream.write(PICTURE);
      await stream.finish();
      return "image/png";
    },
    domainMemoryPeek: async (ref, start, sizeBytes, flags) => {
      if (flags !== 1 && flags !== 2) {
        throw vmError(
          "invalidArg",
          "flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL",
          TEST,
        );
      }
      domains.active(ref);
      return Uint8Array.from({ length: sizeBytes }, (_, at) =>
        Number((start + BigInt(at)) & 0xffn),
      );
    },
    domainSetLifecycleAction: async (ref, type, action, flags) => {
      const domain = domains.get(ref);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const name = ["on_poweroff", "on_reboot", "on_crash"][type] ?? "on_poweroff";
      for (const which of ["live", "config"] as const) {
        const definition = domain[which];
        if (!scope[which] || !definition) continue;
        domain[which] = editDomain(definition, (edited) =>
          setText(ensurePath(edited, name), ACTIONS[action] ?? "destroy"),
        );
      }
    },
    domainSetMemoryStatsPeriod: async (ref, _periodS, flags) => {
      const domain = domains.get(ref);
      scopeOf(domain, flags & 3, TEST.domain);
      if (devicesOf(domain.definition, "memballoon").length === 0) {
        throw vmError(
          "internalError",
          "No memory balloon device configured, can not set the collection period",
          TEST,
        );
      }
    },
    ...metadataCalls(state),
    ...saveCalls(state),
  };
}

const ACTIONS = [
  "destroy",
  "restart",
  "rename-restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
];

function checkMountpoints(mountpoints: readonly string[]): readonly string[] {
  if (mountpoints.length === 0) return MOUNTPOINTS;
  const unknown = mountpoints.find((each) => !MOUNTPOINTS.includes(each));
  if (unknown !== undefined) {
    throw vmError("operationInvalid", `mount point not found: ${unknown}`, TEST);
  }
  return mountpoints;
}

/** A grey picture of one pixel. */
const PICTURE = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
  0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
  0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45, 0x4e,
  0x44, 0xae, 0x42, 0x60, 0x82,
]);

type MetadataCalls = Pick<Calls, "domainGetMetadata" | "domainSetMetadata">;

function metadataCalls(state: TestState): MetadataCalls {
  return {
    domainGetMetadata: async (ref, type, uri, flags) => {
      const domain = state.domains.get(ref);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const definition = definitionFor(domain, scope.config);
      return metadataOf(definition, type, uri);
    },
    domainSetMetadata: async (ref, type, metadata, key, uri, flags) => {
      const domain = state.domains.get(ref);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const changed = changeOfMetadata(type, metadata, key, uri);
      for (const which of ["live", "config"] as const) {
        const definition = domain[which];
        if (scope[which] && definition) domain[which] = editDomain(definition, changed);
      }
      state.domainEvent(domain, { kind: "metadata-change", type, nsuri: uri });
    },
  };
}

type SaveCalls = Pick<
  Calls,
  | "domainSaveFlags"
  | "domainRestoreFlags"
  | "domainSaveImageGetXMLDesc"
  | "domainSaveImageDefineXML"
  | "domainManagedSave"
  | "domainHasManagedSaveImage"
  | "domainManagedSaveRemove"
  | "domainCoreDumpWithFormat"
>;

/** Makes a failure to read one of a saved domain. */
function notReadable(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof VmError)) throw error;
    const reason = error.detail.slice(error.detail.lastIndexOf(": ") + 2);
    throw vmError("systemError", `cannot read domain image '${path}': ${reason}`, TEST);
  };
}

function saveCalls(state: TestState): SaveCalls {
  const { domains, ports } = state;
  const readImage = async (path: string): Promise<string> =>
    fromSaveImage(await ports.readFile(path).catch(notReadable(path)), path);
  return {
    domainSaveFlags: async (ref, to, xml) => {
      if (xml !== null) throw vmError("argumentUnsupported", "xml modification unsupported", TEST);
      const domain = domains.active(ref);
      await ports.writeFile(to, toSaveImage(formatXml(definitionFor(domain, true))));
      stopDomain(state, domain, DomainShutoffReason.saved);
      state.lifecycle(domain, Type.stopped, Stopped.saved);
    },
    domainRestoreFlags: async (from, xml) => {
      if (xml !== null) throw vmError("argumentUnsupported", "xml modification unsupported", TEST);
      const definition = parseDomain(await readImage(from), state.context, { inactive: true });
      const domain = domains.add(definition, { live: true });
      startDomain(state, domain, DomainRunningReason.restored);
      state.lifecycle(domain, Type.started, Started.restored);
    },
    domainSaveImageGetXMLDesc: async (file) =>
      formatXml(parseDomain(await readImage(file), state.context, { inactive: true })),
    domainSaveImageDefineXML: async (file, xml) => {
      await readImage(file);
      const definition = parseDomain(xml, state.context, { inactive: true });
      await ports.writeFile(file, toSaveImage(formatXml(definition)));
    },
    domainManagedSave: async (ref) => {
      const domain = domains.active(ref);
      if (!domain.isPersistent) {
        throw vmError("operationInvalid", "cannot do managed save for transient domain", TEST);
      }
      stopDomain(state, domain, DomainShutoffReason.saved);
      domain.hasManagedSave = true;
      state.lifecycle(domain, Type.stopped, Stopped.saved);
    },
    domainHasManagedSaveImage: async (ref) => domains.get(ref).hasManagedSave,
    domainManagedSaveRemove: async (ref) => {
      domains.get(ref).hasManagedSave = false;
    },
    domainCoreDumpWithFormat: async (ref, to, format, flags) => {
      const domain = domains.active(ref);
      if (format !== 0) {
        throw vmError(
          "operationUnsupported",
          "kdump-compressed format is not supported here",
          TEST,
        );
      }
      await ports.writeFile(to, utf8Bytes("TestGuestMagic"));
      if ((flags & DomainCoreDumpFlags.crash) !== 0) {
        stopDomain(state, domain, DomainShutoffReason.crashed);
        state.lifecycle(domain, Type.stopped, Stopped.crashed);
      }
    },
  };
}
