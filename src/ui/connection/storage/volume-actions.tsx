/** What can be done to a volume. */
import { DropdownItem } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import { useState } from "react";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { useApp, useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { Menu } from "../../common/menu.tsx";
import { useManager, useTask } from "../../shell/context.tsx";
import { go } from "../../shell/route.ts";
import { isReadOnly } from "./pool-facts.ts";
import { openSink } from "./save-file.ts";
import { downloadVolume, physicalBytes } from "./transfers.ts";
import { VolumeDialog, type VolumeQuestion } from "./volume-dialogs.tsx";
import { volumeFormat } from "./volume-facts.ts";

interface Props {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
  readonly volume: ManagedVolume;
}

export function VolumeActions({ pool, volumes, volume }: Props) {
  const t = useT();
  const [question, setQuestion] = useState<VolumeQuestion | null>(null);
  const download = useDownload(pool, volume);
  const copyPath = useCopy(volume.path);
  const { name } = volume;
  const isDirectory = volumeFormat(volume) === "dir";
  const readOnly = isReadOnly(pool);
  const item = (which: VolumeQuestion, isDisabled: boolean, isDanger = false) => (
    <DropdownItem
      key={which}
      isDisabled={isDisabled}
      isDanger={isDanger && !isDisabled}
      onClick={() => setQuestion(which)}
    >
      {t(`volume.${which}`)}
    </DropdownItem>
  );
  const details = () =>
    go({ view: "connection", tab: "storage", uuid: pool.uuid, item: "volumes", name });
  return (
    <>
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem key="details" onClick={details}>
          {t("volume.details")}
        </DropdownItem>
        <DropdownItem key="copy" onClick={() => void copyPath()}>
          {t("volume.copyPath")}
        </DropdownItem>
        <DropdownItem
          key="download"
          isDisabled={isDirectory || readOnly}
          onClick={() => void download()}
        >
          {t("volume.download")}
        </DropdownItem>
        {item("clone", isDirectory)}
        {item("resize", isDirectory || readOnly)}
        {item("wipe", isDirectory || readOnly, true)}
        {item("delete", readOnly, true)}
      </Menu>
      {question && (
        <VolumeDialog
          question={question}
          pool={pool}
          volumes={volumes}
          volume={volume}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  );
}

function useDownload(pool: ManagedPool, { name, ref }: ManagedVolume): () => Promise<void> {
  const t = useT();
  const { connect } = useManager();
  const run = useTask();
  return async () => {
    const title = t("volume.task.download", { name });
    await run({ title, subject: pool.uuid, canCancel: true }, async (control) => {
      const sizeBytes = await physicalBytes(connect, ref);
      const sink = await openSink(name, sizeBytes);
      if (sink) await downloadVolume(connect, ref, { sink, sizeBytes }, control);
    });
  };
}

function useCopy(text: string): () => Promise<void> {
  const { t, notices } = useApp();
  return async () => {
    try {
      await navigator.clipboard.writeText(text);
      notices.add({ variant: "success", title: t("volume.pathCopied"), text });
    } catch (error) {
      notices.add({ variant: "danger", title: t("console.copyDenied"), text: errorText(error) });
    }
  };
}
