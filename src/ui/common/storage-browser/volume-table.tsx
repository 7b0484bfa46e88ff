/** Volumes to pick one of: by its radio button or anywhere in its row; twice to choose it at once. */
import { Radio } from "@patternfly/react-core";
import { StorageVolType } from "../../../virt/driver/storage-flags.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { usersOf } from "../../../virt/manager/volume-users.ts";
import { find } from "../../../virt/xml/element.ts";
import { useT } from "../../app/context.tsx";
import { useDomains } from "../../shell/context.tsx";
import { formatBytes } from "../format.ts";

interface Picking {
  readonly chosen: ManagedVolume | null;
  readonly onPick: (volume: ManagedVolume) => void;
  readonly onChoose: (volume: ManagedVolume) => void;
}

interface Props extends Picking {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
}

export function VolumeTable({ pool, volumes, ...picking }: Props) {
  const t = useT();
  return (
    <table className="tv-browser-table" aria-label={t("browse.volumes", { pool: pool.name })}>
      <thead>
        <tr>
          {(["name", "size", "format", "usedBy"] as const).map((column) => (
            <th key={column} scope="col">
              {t(`browse.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {volumes.map((volume) => (
          <VolumeRow key={volume.name} volume={volume} {...picking} />
        ))}
      </tbody>
    </table>
  );
}

/** Directories hold no image. */
function canHoldImage({ info }: ManagedVolume): boolean {
  return info.type !== StorageVolType.dir && info.type !== StorageVolType.netdir;
}

function VolumeRow({ volume, chosen, onPick, onChoose }: Picking & { volume: ManagedVolume }) {
  const t = useT();
  const users = usersOf(volume, useDomains());
  const { name, info, definition } = volume;
  const isPickable = canHoldImage(volume);
  return (
    <tr
      className={name === chosen?.name ? "tv-picked" : undefined}
      onClick={() => isPickable && onPick(volume)}
      onDoubleClick={() => isPickable && onChoose(volume)}
    >
      <th scope="row">
        <Radio
          id={`volume-${name}`}
          name="storage-browser-volume"
          label={name}
          isDisabled={!isPickable}
          isChecked={name === chosen?.name}
          onChange={() => onPick(volume)}
        />
      </th>
      <td>{isPickable && formatBytes(Number(info.capacity), t)}</td>
      <td>{find(definition, "target", "format")?.attributes.get("type")}</td>
      <td>{users.map((domain) => domain.name).join(", ")}</td>
    </tr>
  );
}
