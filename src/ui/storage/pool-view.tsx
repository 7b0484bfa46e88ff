/** One pool: what it is, and its volumes. */
import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  EmptyState,
  EmptyStateBody,
  EmptyStateFooter,
  Title,
} from "@patternfly/react-core";
import AngleLeftIcon from "@patternfly/react-icons/dist/esm/icons/angle-left-icon";
import DatabaseIcon from "@patternfly/react-icons/dist/esm/icons/database-icon";
import ImportIcon from "@patternfly/react-icons/dist/esm/icons/cloud-download-alt-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { isActive, type StoragePool } from "../../virt/storage/pool.ts";
import { canDoPool } from "../../virt/storage/pool-verbs.ts";
import { useApp, useT } from "../app/context.tsx";
import { STORAGE_HREF } from "../app/route.ts";
import { formatBytes } from "../common/format.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { NewVolumeDialog } from "./new-volume-dialog.tsx";
import { PoolActions, PoolState, usedText } from "./pool-parts.tsx";
import { freeVolumeName, uploadFile } from "./transfers.ts";
import { useAttempt, usePools } from "./use-storage.ts";
import { VolumeTable } from "./volume-table.tsx";

export function PoolView({ uuid }: { readonly uuid: string }) {
  const t = useT();
  const pool = usePools().find(({ definition }) => definition.uuid === uuid);
  useFreshPool(uuid);
  if (!pool) return <Gone />;
  return (
    <div className="tv-list">
      <header className="tv-list-head">
        <div className="tv-domain-title">
          <Button
            component="a"
            href={STORAGE_HREF}
            variant="plain"
            icon={<AngleLeftIcon />}
            aria-label={t("storage.pools")}
          />
          <Title headingLevel="h1" size="xl" className="tv-domain-name">
            {pool.definition.name}
          </Title>
          <output>
            <PoolState pool={pool} />
          </output>
        </div>
        <PoolActions pool={pool} />
      </header>
      <Facts pool={pool} />
      {isActive(pool) ? <Volumes pool={pool} /> : <p>{t("pool.inactiveHint")}</p>}
    </div>
  );
}

/** Machines make volumes too, and fill them: what is shown is looked at anew. */
function useFreshPool(uuid: string): void {
  const { storage } = useApp().connection;
  useEffect(() => {
    const pool = storage.pools().find(({ definition }) => definition.uuid === uuid);
    if (pool && canDoPool("refresh", pool)) void storage.refreshPool(uuid).catch(() => {});
  }, [storage, uuid]);
}

function Facts({ pool }: { readonly pool: StoragePool }) {
  const t = useT();
  const { type, targetPath, source, autostart } = pool.definition;
  const facts: readonly (readonly [string, string])[] = [
    [t("pool.type"), t(`pool.type.${type}`)],
    type === "http"
      ? [t("pool.source"), [source.url, ...(source.urls ?? [])].filter(Boolean).join(" ")]
      : [t("pool.path"), targetPath],
    [t("pool.space"), usedText(pool, t)],
    [t("pool.available"), isActive(pool) ? formatBytes(pool.availableBytes, t) : ""],
    [t("pool.autostart"), t(autostart ? "pool.yes" : "pool.no")],
  ];
  return (
    <DescriptionList isCompact columnModifier={{ default: "1Col", md: "2Col", xl: "3Col" }}>
      {facts
        .filter(([, value]) => value !== "")
        .map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="tv-break">{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
    </DescriptionList>
  );
}

/** Takes files that are dropped on it, too. */
function Volumes({ pool }: { readonly pool: StoragePool }) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const [dialog, setDialog] = useState<"new" | "import" | null>(null);
  const [over, setOver] = useState(false);
  const { uuid, name, type } = pool.definition;
  const writable = type !== "http";
  // Volumes of a group have their length before they have contents.
  const takesFiles = type === "dir";
  const close = () => setDialog(null);
  const upload = (files: readonly File[]) => {
    const taken = new Set(pool.volumes.map((volume) => volume.name));
    for (const file of files) {
      const as = freeVolumeName(file.name, taken);
      taken.add(as);
      void attempt(t("volume.upload"), as, () => uploadFile(connection.storage, uuid, file, as));
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (takesFiles) upload([...event.dataTransfer.files]);
  };
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(takesFiles);
  };
  return (
    <section aria-label={t("volume.list", { name })}>
      <div
        className={over ? "tv-volumes tv-drop-over" : "tv-volumes"}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        {writable && (
          <div className="tv-toolbar">
            <Button variant="secondary" icon={<PlusCircleIcon />} onClick={() => setDialog("new")}>
              {t("volume.new")}
            </Button>
            {takesFiles && (
              <>
                <UploadButton onFiles={upload} />
                <Button
                  variant="secondary"
                  icon={<ImportIcon />}
                  onClick={() => setDialog("import")}
                >
                  {t("volume.import")}
                </Button>
              </>
            )}
          </div>
        )}
        {pool.volumes.length === 0 ? (
          <EmptyState
            titleText={t("pool.noVolumes")}
            icon={DatabaseIcon}
            headingLevel="h2"
            variant="sm"
          >
            {takesFiles && <EmptyStateBody>{t("pool.noVolumesHint")}</EmptyStateBody>}
          </EmptyState>
        ) : (
          <VolumeTable pool={pool} />
        )}
      </div>
      {dialog === "new" && <NewVolumeDialog pool={pool} onClose={close} />}
      {dialog === "import" && <ImportDialog pool={pool} onClose={close} />}
    </section>
  );
}

function UploadButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="secondary" icon={<UploadIcon />} onClick={() => input.current?.click()}>
        {t("volume.upload")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        className="tv-hidden-file"
        aria-label={t("volume.upload")}
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

function Gone() {
  const t = useT();
  return (
    <EmptyState titleText={t("pool.gone")} icon={DatabaseIcon} headingLevel="h1">
      <EmptyStateBody>{t("pool.goneHint")}</EmptyStateBody>
      <EmptyStateFooter>
        <Button component="a" href={STORAGE_HREF} variant="link">
          {t("storage.pools")}
        </Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}
