/** The virtual networks, and the one that is shown. */
import { Button } from "@patternfly/react-core";
import NetworkIcon from "@patternfly/react-icons/dist/esm/icons/network-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { useState } from "react";
import { useT } from "../../app/context.tsx";
import { useNetworks } from "../../shell/context.tsx";
import { type ConnectionRoute, go } from "../../shell/route.ts";
import { MasterDetail, Nothing } from "../master-detail.tsx";
import { NetworkView } from "./network-view.tsx";
import { NewNetworkDialog } from "./new-network-dialog.tsx";

export function NetworksTab({ route }: { readonly route: ConnectionRoute }) {
  const t = useT();
  const networks = useNetworks();
  const [making, setMaking] = useState(false);
  const { uuid } = route;
  const network = uuid === undefined ? networks[0] : networks.find((each) => each.uuid === uuid);
  const items = networks.map((each) => ({
    uuid: each.uuid,
    name: each.name,
    note: (
      <span className="tv-object-note">
        {t(each.isActive ? "network.active" : "network.inactive")}
      </span>
    ),
  }));
  return (
    <MasterDetail
      tab="networks"
      title={t("network.list")}
      items={items}
      uuid={uuid}
      shown={network?.uuid}
      backLabel={t("network.list")}
      tools={
        <Button variant="secondary" icon={<PlusCircleIcon />} onClick={() => setMaking(true)}>
          {t("network.new")}
        </Button>
      }
    >
      {network && <NetworkView key={network.uuid} network={network} route={route} />}
      {!network && uuid !== undefined && (
        <Nothing title={t("network.gone")} hint={t("network.goneHint")} icon={NetworkIcon} />
      )}
      {!network && uuid === undefined && (
        <Nothing title={t("network.none")} hint={t("network.noneHint")} icon={NetworkIcon} />
      )}
      {making && (
        <NewNetworkDialog
          onClose={() => setMaking(false)}
          onMade={(made) => go({ view: "connection", tab: "networks", uuid: made.uuid })}
        />
      )}
    </MasterDetail>
  );
}
