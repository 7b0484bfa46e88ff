/** The volumes of a pool. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import "../table.css";
import { volumeBacking } from "../../../virt/manager/backing-chain.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { usersOf } from "../../../virt/manager/volume-users.ts";
import { useT } from "../../app/context.tsx";
import { formatBytes } from "../../common/format.ts";
import { useDomains } from "../../shell/context.tsx";
import { hrefOf } from "../../shell/route.ts";
import { VolumeActions } from "./volume-actions.tsx";
import { baseName, volumeFormat } from "./volume-facts.ts";

interface Props {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
}

const COLUMNS = ["name", "size", "used", "format", "usedBy", "actions"] as const;

export function VolumeTable({ pool, volumes }: Props) {
  const t = useT();
  return (
    <table className="tv-table" role="table" aria-label={t("volume.list", { name: pool.name })}>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {t(`volume.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {volumes.map((volume) => (
          <VolumeRow key={volume.name} pool={pool} volumes={volumes} volume={volume} />
        ))}
      </tbody>
    </table>
  );
}

function VolumeRow({ pool, volumes, volume }: Props & { readonly volume: ManagedVolume }) {
  const t = useT();
  const { name, info } = volume;
  const users = usersOf(volume, useDomains());
  const backing = volumeBacking(volume.definition);
  const format = volumeFormat(volume);
  const size = (bytes: bigint) => (format === "dir" ? "" : formatBytes(Number(bytes), t));
  const href = hrefOf({
    view: "connection",
    tab: "storage",
    uuid: pool.uuid,
    item: "volumes",
    name,
  });
  return (
    <tr role="row" aria-label={name}>
      <th role="rowheader" scope="row">
        <a href={href}>{name}</a>
      </th>
      <td role="cell" className="tv-cell-figure" data-label={t("volume.size")}>
        {size(info.capacity)}
      </td>
      <td role="cell" className="tv-cell-figure" data-label={t("volume.used")}>
        {size(info.allocation)}
      </td>
      <td role="cell" data-label={t("volume.format")}>
        {backing ? t("volume.on", { format, backing: baseName(backing.path) }) : format}
      </td>
      <td role="cell" {...(users.length > 0 && { "data-label": t("volume.usedBy") })}>
        {users.map((domain) => domain.name).join(", ")}
      </td>
      <td role="cell" className="tv-cell-actions">
        <VolumeActions pool={pool} volumes={volumes} volume={volume} />
      </td>
    </tr>
  );
}
