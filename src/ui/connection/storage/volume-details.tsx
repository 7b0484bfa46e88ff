/** All that is known of a volume: where it is, what it stands on, who uses it. */
import {
  Button,
  ClipboardCopy,
  ExpandableSection,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { useCallback } from "react";
import { backingChain } from "../../../virt/manager/backing-chain.ts";
import type { ManagedVolume } from "../../../virt/manager/objects.ts";
import { usersOf } from "../../../virt/manager/volume-users.ts";
import { find, textAt } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { formatBytes } from "../../common/format.ts";
import { useLoaded } from "../../common/use-loaded.ts";
import { useDomains, useManager } from "../../shell/context.tsx";
import { hrefOf } from "../../shell/route.ts";
import { Facts } from "../facts.tsx";
import { XmlView } from "../xml-view.tsx";
import { physicalBytes } from "./transfers.ts";
import { volumeFormat } from "./volume-facts.ts";

interface Props {
  readonly volume: ManagedVolume;
  readonly onClose: () => void;
}

export function VolumeDetails({ volume, onClose }: Props) {
  const t = useT();
  return (
    <Modal
      isOpen
      variant="medium"
      aria-labelledby="volume-details-title"
      elementToFocus="#volume-details-close"
      onEscapePress={onClose}
    >
      <ModalHeader labelId="volume-details-title" title={volume.name} />
      <ModalBody tabIndex={0} aria-labelledby="volume-details-title" className="tv-volume-details">
        <ClipboardCopy
          isReadOnly
          hoverTip={t("volume.copyPath")}
          clickTip={t("volume.pathCopied")}
          textAriaLabel={t("volume.path")}
          copyAriaLabel={t("volume.copyPath")}
        >
          {volume.path}
        </ClipboardCopy>
        <VolumeFacts volume={volume} />
        <ExpandableSection toggleText="XML">
          <XmlView
            label={t("pool.xmlOf", { name: volume.name })}
            xml={formatXml(volume.definition)}
          />
        </ExpandableSection>
      </ModalBody>
      <ModalFooter>
        <Button id="volume-details-close" variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function VolumeFacts({ volume }: { readonly volume: ManagedVolume }) {
  const t = useT();
  const { info, definition, ref } = volume;
  const physical = usePhysical(volume);
  const target = find(definition, "target");
  const cluster = Number((target && textAt(target, "clusterSize")) ?? 0);
  return (
    <Facts
      facts={[
        [t("volume.pool"), ref.pool],
        [t("volume.format"), volumeFormat(volume)],
        [t("volume.capacity"), formatBytes(Number(info.capacity), t)],
        [t("volume.used"), formatBytes(Number(info.allocation), t)],
        [t("volume.physical"), physical === null ? null : formatBytes(physical, t)],
        [t("volume.compat"), (target && textAt(target, "compat")) ?? null],
        [t("volume.cluster"), cluster === 0 ? null : formatBytes(cluster, t)],
        [t("volume.backing"), <Chain key="chain" volume={volume} />],
        [t("volume.usedBy"), <Users key="users" volume={volume} />],
        [t("volume.key"), ref.key],
      ]}
    />
  );
}

function usePhysical({ ref }: ManagedVolume): number | null {
  const { connect } = useManager();
  return useLoaded(useCallback(() => physicalBytes(connect, ref), [connect, ref])).value;
}

/** What it stands on, down to the last image. */
function Chain({ volume }: { readonly volume: ManagedVolume }) {
  const t = useT();
  const { connect } = useManager();
  const { definition } = volume;
  const load = useCallback(() => backingChain(connect, definition), [connect, definition]);
  const chain = useLoaded(load).value ?? [];
  if (chain.length === 0) return t("volume.noBacking");
  return (
    <ol className="tv-chain">
      {chain.map(({ path, format }) => (
        <li key={path}>{format === undefined ? path : `${path} (${format})`}</li>
      ))}
    </ol>
  );
}

function Users({ volume }: { readonly volume: ManagedVolume }) {
  const t = useT();
  const users = usersOf(volume, useDomains());
  if (users.length === 0) return t("volume.unused");
  return users.map(({ uuid, name }, at) => (
    <span key={uuid}>
      {at > 0 && ", "}
      <a href={hrefOf({ view: "vm", uuid, tab: "details" })}>{name}</a>
    </span>
  ));
}
