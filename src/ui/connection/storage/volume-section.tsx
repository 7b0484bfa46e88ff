/** A pool's volumes, and what makes new ones. */
import { Alert, EmptyState, EmptyStateBody, Spinner } from "@patternfly/react-core";
import DatabaseIcon from "@patternfly/react-icons/dist/esm/icons/database-icon";
import { useRef } from "react";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { useFocusAfterLoss } from "../../common/use-focus-after-loss.ts";
import { useVolumes } from "../../common/use-volumes.ts";
import { leave } from "../../shell/route.ts";
import { isReadOnly } from "./pool-facts.ts";
import { DropArea, useUpload } from "./uploads.tsx";
import { VolumeDetails } from "./volume-details.tsx";
import { VolumeMakers } from "./volume-makers.tsx";
import { VolumeTable } from "./volume-table.tsx";

interface Props {
  readonly pool: ManagedPool;
  /** The volume whose details are shown. */
  readonly name: string | undefined;
}

export function VolumeSection({ pool, name }: Props) {
  const t = useT();
  const { volumes, error } = useVolumes(pool);
  const upload = useUpload(pool, volumes ?? []);
  const shown = volumes?.find((volume) => volume.name === name);
  const writable = !isReadOnly(pool);
  const section = useRef<HTMLElement>(null);
  useFocusAfterLoss(section, volumes?.length ?? 0);
  return (
    <section ref={section} tabIndex={-1} aria-label={t("volume.list", { name: pool.name })}>
      <DropArea onFiles={writable ? upload : null}>
        {writable && <VolumeMakers pool={pool} volumes={volumes ?? []} onFiles={upload} />}
        {error !== null && (
          <Alert
            variant="danger"
            variantLabel={t("alert.danger")}
            isInline
            component="p"
            title={errorText(error)}
          />
        )}
        {volumes === null && <Spinner aria-label={t("app.loading")} />}
        {volumes?.length === 0 && (
          <EmptyState
            titleText={t("pool.noVolumes")}
            icon={DatabaseIcon}
            headingLevel="h3"
            variant="sm"
          >
            {writable && <EmptyStateBody>{t("pool.noVolumesHint")}</EmptyStateBody>}
          </EmptyState>
        )}
        {volumes !== null && volumes.length > 0 && <VolumeTable pool={pool} volumes={volumes} />}
      </DropArea>
      {shown && (
        <VolumeDetails
          volume={shown}
          onClose={() => leave({ view: "connection", tab: "storage", uuid: pool.uuid })}
        />
      )}
    </section>
  );
}
