/** One network: what it is, and its definition. */
import { Label, Title } from "@patternfly/react-core";
import { useCallback } from "react";
import type { ManagedNetwork } from "../../../virt/manager/objects.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { useLoaded } from "../../common/use-loaded.ts";
import { XmlEditor } from "../../common/xml-editor.tsx";
import { useDomains, useManager } from "../../shell/context.tsx";
import { type ConnectionRoute, hrefOf } from "../../shell/route.ts";
import { type Fact, Facts } from "../facts.tsx";
import { RoutedTabs } from "../routed-tabs.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import { NetworkActions } from "./network-actions.tsx";
import { addressesOf, bridgeName, domainOf, forwardText, networkUsers } from "./network-facts.ts";
import { withKnownFlags } from "../../../virt/driver/tolerant-flags.ts";

const ITEMS = ["details", "xml"] as const;

interface Props {
  readonly network: ManagedNetwork;
  readonly route: ConnectionRoute;
}

export function NetworkView({ network, route }: Props) {
  const t = useT();
  const item = ITEMS.find((each) => each === route.item) ?? "details";
  const { uuid, name, isActive } = network;
  return (
    <>
      <header className="tv-detail-head">
        <div className="tv-detail-title">
          <Title headingLevel="h2">{name}</Title>
          <output>
            <Label color={isActive ? "green" : "grey"}>
              {t(isActive ? "network.active" : "network.inactive")}
            </Label>
          </output>
        </div>
        <NetworkActions network={network} />
      </header>
      <RoutedTabs
        id="network"
        label={t("network.views", { name })}
        items={ITEMS.map((each) => [each, t(`pool.view.${each}`)] as const)}
        shown={item}
        routeOf={(each) => ({ view: "connection", tab: "networks", uuid, item: each })}
        isSubtab
      >
        {item === "details" && <Details network={network} />}
        {item === "xml" && <Definition network={network} />}
      </RoutedTabs>
    </>
  );
}

function Details({ network }: { readonly network: ManagedNetwork }) {
  const t = useT();
  const users = networkUsers(network, useDomains());
  const yesNo = (is: boolean) => t(is ? "pool.yes" : "pool.no");
  const addresses = addressesOf(network).flatMap(({ address, ranges, hosts }): Fact[] => [
    [t("network.address"), address],
    [t("network.range"), ranges.join(", ")],
    [t("network.hosts"), hosts.join(", ")],
  ]);
  return (
    <Facts
      facts={[
        [t("network.mode"), forwardText(network, t)],
        [t("network.bridge"), bridgeName(network)],
        [t("network.domain"), domainOf(network)],
        ...addresses,
        [t("pool.autostart"), yesNo(network.autostart)],
        [t("pool.persistent"), yesNo(network.isPersistent)],
        [
          t("volume.usedBy"),
          users.map(({ uuid, name }, at) => (
            <span key={uuid}>
              {at > 0 && ", "}
              <a href={hrefOf({ view: "vm", uuid, tab: "details" })}>{name}</a>
            </span>
          )),
        ],
        [t("pool.uuid"), network.uuid],
      ]}
    />
  );
}

/** What its next start takes, which may not be what runs. */
const INACTIVE = 1;

function Definition({ network }: { readonly network: ManagedNetwork }) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const { name, ref, isPersistent, definition } = network;
  const load = useCallback(
    // A transient network is only what runs.
    () =>
      withKnownFlags(isPersistent ? INACTIVE : 0, 0, (flags) =>
        manager.connect.networkGetXMLDesc(ref, flags),
      ),
    [manager, ref, isPersistent],
  );
  const inactive = useLoaded(load).value;
  const apply = async (xml: string) => {
    await run(t("network.task.define", { name }), () =>
      manager.connect.networkDefineXMLFlags(xml, 0),
    );
    await manager.refreshNetwork(network.uuid);
  };
  return (
    <XmlEditor
      label={t("pool.xmlOf", { name })}
      xml={inactive ?? formatXml(definition)}
      what="network_definition"
      root="network"
      onApply={apply}
    />
  );
}
