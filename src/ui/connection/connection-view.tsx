/** The connection's window: overview, storage, networks, host check. */
import { Title } from "@patternfly/react-core";
import { useManager, useNetworks, usePools } from "../shell/context.tsx";
import { CONNECTION_TABS, type ConnectionTab, hrefOf } from "../shell/route.ts";

interface Props {
  readonly tab: ConnectionTab;
  readonly uuid: string | undefined;
}

export default function ConnectionView({ tab }: Props) {
  const { host } = useManager();
  const shown = { overview: [], storage: usePools(), networks: useNetworks(), host: [] }[tab];
  return (
    <div className="tv-list">
      <Title headingLevel="h1">{host.uri}</Title>
      <nav>
        {CONNECTION_TABS.map((each) => (
          <a
            key={each}
            aria-current={each === tab}
            href={hrefOf({ view: "connection", tab: each })}
          >
            {each}
          </a>
        ))}
      </nav>
      <ul>
        {shown.map(({ uuid, name }) => (
          <li key={uuid}>{name}</li>
        ))}
      </ul>
    </div>
  );
}
