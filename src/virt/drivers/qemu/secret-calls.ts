/** The driver's secrets. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { HostCalls } from "../../driver/host-calls.ts";
import {
  ConnectListAllSecretsFlags as List,
  SecretEventLifecycleType as Event,
} from "../../driver/host-flags.ts";
import { formatXml } from "../../xml/format.ts";
import type { QemuState } from "./qemu-state.ts";
import { SECRET, type SecretObject } from "./secrets.ts";

type Calls = Pick<
  HostCalls,
  | "connectListAllSecrets"
  | "secretLookupByUUID"
  | "secretLookupByUsage"
  | "secretDefineXML"
  | "secretGetXMLDesc"
  | "secretSetValue"
  | "secretGetValue"
  | "secretUndefine"
>;

export function secretCalls(state: QemuState): Calls {
  const { secrets } = state;
  const tell = (secret: SecretObject, event: number): void =>
    state.emit({ of: "secret", secret: secret.ref, event, detail: 0 });
  return {
    connectListAllSecrets: async (flags) =>
      secrets
        .all()
        .filter((each) => isListed(each, flags))
        .map(({ ref }) => ref),
    secretLookupByUUID: async (uuid) => secrets.get({ uuid }).ref,
    secretLookupByUsage: async (type, id) => secrets.byUsage(type, id).ref,
    secretDefineXML: async (xml) => {
      const secret = await secrets.define(xml);
      tell(secret, Event.defined);
      return secret.ref;
    },
    secretGetXMLDesc: async (ref) => formatXml(secrets.get(ref).definition),
    secretSetValue: async (ref, value) => {
      const secret = secrets.get(ref);
      await secrets.setValue(secret, value.slice());
      state.emit({ of: "secret-value-changed", secret: secret.ref });
    },
    secretGetValue: async (ref) => {
      const secret = secrets.get(ref);
      if (secret.isPrivate) throw vmError("invalidSecret", "secret is private", SECRET);
      if (secret.value) return secret.value;
      throw vmError("noSecret", `secret '${ref.uuid}' does not have a value`, SECRET);
    },
    secretUndefine: async (ref) => {
      const secret = secrets.get(ref);
      await secrets.undefine(secret);
      tell(secret, Event.undefined);
    },
  };
}

function isListed(secret: SecretObject, flags: number): boolean {
  const groups: readonly (readonly [number, number, boolean])[] = [
    [List.ephemeral, List.noEphemeral, secret.isEphemeral],
    [List.private, List.noPrivate, secret.isPrivate],
  ];
  return groups.every(
    ([yes, no, is]) => (flags & (yes | no)) === 0 || (flags & (is ? yes : no)) !== 0,
  );
}
