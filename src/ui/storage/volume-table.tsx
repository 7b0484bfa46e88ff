/** The volumes of a pool, and what can be done to each. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import { Button, DropdownItem, Label } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import { useState } from "react";
import type { StoragePool, StorageVolume } from "../../virt/storage/pool.ts";
import { useApp, useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { Menu } from "../common/menu.tsx";
import type { Translate } from "../i18n/catalogue.ts";
import { downloadVolume } from "./transfers.ts";
import { useAttempt } from "./use-storage.ts";
import { VolumeDialog, type VolumeQuestion } from "./volume-dialogs.tsx";

export function VolumeTable({ pool }: { readonly pool: StoragePool }) {
  const t = useT();
  const columns = ["name", "size", "used", "format", "actions"] as const;
  const { name } = pool.definition;
  return (
    <table className="tv-table" role="table" aria-label={t("volume.list", { name })}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {t(`volume.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {pool.volumes.map((volume) => (
          <VolumeRow key={volume.name} pool={pool} volume={volume} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
}

function VolumeRow({ pool, volume }: RowProps) {
  const t = useT();
  const { name, capacityBytes, allocationBytes, type } = volume;
  const isDirectory = type === "dir";
  return (
    <tr role="row" aria-label={name}>
      <th role="rowheader" scope="row">
        {name}
      </th>
      <td role="cell" data-label={t("volume.size")}>
        {isDirectory ? "" : formatBytes(capacityBytes, t)}
      </td>
      <td role="cell" data-label={t("volume.used")}>
        {isDirectory ? "" : formatBytes(allocationBytes, t)}
      </td>
      <td role="cell" data-label={t("volume.format")}>
        {formatText(volume, t)}
      </td>
      <td role="cell" className="tv-cell-actions">
        {volume.job === undefined ? (
          <VolumeActions pool={pool} volume={volume} />
        ) : (
          <Progress pool={pool} volume={volume} />
        )}
      </td>
    </tr>
  );
}

function formatText({ format, backing }: StorageVolume, t: Translate): string {
  if (backing === undefined) return format;
  const name = backing.path.slice(backing.path.lastIndexOf("/") + 1);
  return t("volume.on", { format, backing: name });
}

/** What is being done, how far it is, and a way to give it up. */
function Progress({ pool, volume }: RowProps) {
  const { t, connection } = useApp();
  const { name, job, progress } = volume;
  if (job === undefined) return null;
  const text = t(`volume.job.${job}`);
  const percent = Math.floor((progress ?? 0) * 100);
  return (
    <div className="tv-actions">
      <Label color="blue" icon={<InProgressIcon className="tv-spin" />}>
        {progress === undefined ? text : t("job.progress", { job: text, percent })}
      </Label>
      <Button
        variant="link"
        aria-label={t("volume.cancelOf", { name })}
        onClick={() => void connection.storage.abortVolumeJob(pool.definition.uuid, name)}
      >
        {t("volume.cancel")}
      </Button>
    </div>
  );
}

function VolumeActions({ pool, volume }: RowProps) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const [question, setQuestion] = useState<VolumeQuestion | null>(null);
  const { name, type, readOnly = false } = volume;
  const { uuid } = pool.definition;
  const isDirectory = type === "dir";
  const item = (which: VolumeQuestion, isDisabled: boolean) => (
    <DropdownItem
      key={which}
      isDisabled={isDisabled}
      isDanger={!isDisabled && (which === "wipe" || which === "delete")}
      onClick={() => setQuestion(which)}
    >
      {t(`volume.${which}`)}
    </DropdownItem>
  );
  const download = () =>
    void attempt(t("volume.download"), name, () => downloadVolume(connection.storage, uuid, name));
  return (
    <>
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem key="download" isDisabled={isDirectory || readOnly} onClick={download}>
          {t("volume.download")}
        </DropdownItem>
        {item("clone", isDirectory || readOnly)}
        {item("resize", isDirectory || readOnly)}
        {item("wipe", isDirectory || readOnly)}
        {item("delete", readOnly)}
      </Menu>
      {question && (
        <VolumeDialog
          question={question}
          pool={pool}
          volume={volume}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  );
}
