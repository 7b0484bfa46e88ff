/** "Choose storage volume": pools at the left, the volumes of one at the right. */
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useState } from "react";
import type { ManagedVolume } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { usePools } from "../../shell/context.tsx";
import { PoolList } from "./pool-list.tsx";
import "./storage-browser.css";
import { PoolVolumes } from "./pool-volumes.tsx";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Called once; whoever opened the dialog closes it. */
  readonly onChoose: (volume: ManagedVolume) => void;
  /** What is looked for, where that is more than a volume. */
  readonly title?: string;
}

export function StorageBrowser(props: Props) {
  // Each opening begins anew.
  return props.isOpen ? <OpenBrowser {...props} /> : null;
}

function OpenBrowser({ onClose, onChoose, title }: Props) {
  const t = useT();
  const pools = usePools();
  const [wanted, setWanted] = useState<string | null>(null);
  const [volume, setVolume] = useState<ManagedVolume | null>(null);
  const pool = pools.find(({ uuid }) => uuid === wanted) ?? pools[0];
  return (
    <Modal
      isOpen
      variant="large"
      aria-labelledby="storage-browser-title"
      elementToFocus="#storage-browser button"
      onEscapePress={onClose}
    >
      <ModalHeader labelId="storage-browser-title" title={title ?? t("browse.title")} />
      <ModalBody id="storage-browser" tabIndex={0} aria-labelledby="storage-browser-title">
        <div className="tv-browser">
          <PoolList
            pools={pools}
            shown={pool}
            onShow={(uuid) => {
              setWanted(uuid);
              setVolume(null);
            }}
          />
          {pool && (
            <PoolVolumes
              key={pool.uuid}
              pool={pool}
              chosen={volume}
              onPick={setVolume}
              onChoose={onChoose}
            />
          )}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={volume === null} onClick={() => volume && onChoose(volume)}>
          {t("browse.choose")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("browse.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
