/** One machine's window: its tabs and what they show. */
import { EmptyState, Title } from "@patternfly/react-core";
import { useApp } from "../app/context.tsx";
import { useDomain } from "../shell/context.tsx";
import { hrefOf, VM_TABS, type VmTab } from "../shell/route.ts";
import { ConsoleTab } from "./console/console-tab.tsx";
import { DetailsTab } from "./details/details-tab.tsx";
import { PerformanceTab } from "./performance/performance-tab.tsx";

interface Props {
  readonly uuid: string;
  readonly tab: VmTab;
  readonly item: string | undefined;
}

export default function VmView({ uuid, tab, item }: Props) {
  const { t } = useApp();
  const domain = useDomain(uuid);
  if (!domain) {
    return (
      <EmptyState headingLevel="h1" titleText={t("shell.noDomain")}>
        <a href={hrefOf({ view: "manager" })}>{t("shell.toManager")}</a>
      </EmptyState>
    );
  }
  return (
    <div className="tv-vm">
      <Title headingLevel="h1">{domain.name}</Title>
      <nav>
        {VM_TABS.map((each) => (
          <a key={each} href={hrefOf({ view: "vm", uuid, tab: each })}>
            {t(`domain.${each}`)}
          </a>
        ))}
      </nav>
      {tab === "console" && <ConsoleTab domain={domain} />}
      {tab === "details" && <DetailsTab domain={domain} item={item} />}
      {tab === "performance" && <PerformanceTab domain={domain} />}
    </div>
  );
}
