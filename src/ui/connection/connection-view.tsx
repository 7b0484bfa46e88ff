/** The connection's window: overview, storage, networks, host check. */
import "./connection.css";
import { Title } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { useManager } from "../shell/context.tsx";
import { CONNECTION_TABS, type ConnectionRoute } from "../shell/route.ts";
import { connectionName } from "./connection-name.ts";
import { HostCheckTab } from "./host-check/host-check-tab.tsx";
import { NetworksTab } from "./networks/networks-tab.tsx";
import { OverviewTab } from "./overview/overview-tab.tsx";
import { RoutedTabs } from "./routed-tabs.tsx";
import { StorageTab } from "./storage/storage-tab.tsx";

export default function ConnectionView({ route }: { readonly route: ConnectionRoute }) {
  const t = useT();
  const { host } = useManager();
  const { tab } = route;
  return (
    <div className="tv-connection">
      <header className="tv-connection-head">
        <Title headingLevel="h1" size="xl">
          {connectionName(host.uri)}
        </Title>
        <span className="tv-subtle">{host.uri}</span>
      </header>
      <RoutedTabs
        id="connection"
        label={t("connection.views")}
        items={CONNECTION_TABS.map((each) => [each, t(`connection.tab.${each}`)] as const)}
        shown={tab}
        routeOf={(each) => ({ view: "connection", tab: each })}
        className="tv-connection-body"
      >
        {tab === "overview" && <OverviewTab route={route} />}
        {tab === "storage" && <StorageTab route={route} />}
        {tab === "networks" && <NetworksTab route={route} />}
        {tab === "host" && <HostCheckTab />}
      </RoutedTabs>
    </div>
  );
}
