/** What people note in a definition. */
import { changeOfMetadata, metadataOf } from "../../conf/domain/metadata.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import { checkFlags, oneScopeOf, scopeOf } from "../objects/flags.ts";
import { editDefinitions } from "./config-calls.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainGetMetadata" | "domainSetMetadata">;

const IMPACT = Impact.live | Impact.config;

export function metadataCalls(state: QemuState): Calls {
  return {
    domainGetMetadata: async (ref, type, uri, flags) => {
      checkFlags(flags, IMPACT, "virDomainObjGetMetadata", QEMU.domain);
      const domain = state.domains.get(ref);
      const scope = oneScopeOf(domain, flags, QEMU.domain);
      return metadataOf(definitionFor(domain, scope.config), type, uri);
    },
    domainSetMetadata: (ref, type, metadata, key, uri, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, IMPACT, "qemuDomainSetMetadata", QEMU.domain);
        const domain = state.domains.get(ref);
        const scope = scopeOf(domain, flags, QEMU.domain);
        const change = changeOfMetadata(type, metadata, key, uri);
        await editDefinitions(state, domain, {
          live: scope.live ? change : null,
          config: scope.config ? change : null,
        });
        state.domainEvent(domain, { kind: "metadata-change", type, nsuri: uri });
      }),
  };
}
