/** What makes volumes of a pool: empty ones, of files, and of the web. */
import { Button } from "@patternfly/react-core";
import ImportIcon from "@patternfly/react-icons/dist/esm/icons/cloud-download-alt-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { useState } from "react";
import type { StorageVolRef } from "../../../virt/driver/refs.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { NewVolumeDialog } from "./new-volume-dialog.tsx";
import { poolType } from "./pool-facts.ts";
import { RunningTasks } from "./running-tasks.tsx";
import { UploadButton } from "./uploads.tsx";

interface Props {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
  readonly onFiles: (files: readonly File[]) => void;
  /** After an empty one was made. */
  readonly onMade?: (volume: StorageVolRef) => void;
}

export function VolumeMakers({ pool, volumes, onFiles, onMade }: Props) {
  const t = useT();
  const [dialog, setDialog] = useState<"new" | "import" | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <div className="tv-toolbar">
        <Button variant="secondary" icon={<PlusCircleIcon />} onClick={() => setDialog("new")}>
          {t("volume.new")}
        </Button>
        <UploadButton onFiles={onFiles} />
        {poolType(pool) !== "logical" && (
          <Button variant="secondary" icon={<ImportIcon />} onClick={() => setDialog("import")}>
            {t("volume.import")}
          </Button>
        )}
        {dialog === "new" && (
          <NewVolumeDialog pool={pool} onClose={close} {...(onMade && { onMade })} />
        )}
        {dialog === "import" && <ImportDialog pool={pool} volumes={volumes} onClose={close} />}
      </div>
      <RunningTasks pool={pool.uuid} />
    </>
  );
}
