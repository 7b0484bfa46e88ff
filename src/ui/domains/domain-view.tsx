/** One machine: its buttons, its console, its details and its performance. */
import {
  Button,
  EmptyState,
  EmptyStateBody,
  EmptyStateFooter,
  Spinner,
  Tab,
  Tabs,
  TabTitleText,
  Title,
} from "@patternfly/react-core";
import AngleLeftIcon from "@patternfly/react-icons/dist/esm/icons/angle-left-icon";
import VirtualMachineIcon from "@patternfly/react-icons/dist/esm/icons/virtual-machine-icon";
import { lazy, Suspense } from "react";
import type { Domain } from "../../virt/domain.ts";
import { useApp, useDomain } from "../app/context.tsx";
import { type DomainTab, domainHref, go, LIST_HREF } from "../app/route.ts";
import { LoadBoundary } from "../common/load-boundary.tsx";
import { PerformanceView } from "../performance/performance-view.tsx";
import { DomainActions } from "./domain-actions.tsx";
import { DomainDetails } from "./domain-details.tsx";
import { StateLabel } from "./state-label.tsx";

const ConsoleView = lazy(() => import("../console/console-view.tsx"));

interface Props {
  readonly uuid: string;
  readonly tab: DomainTab;
  readonly onEdit: (domain: Domain) => void;
}

export function DomainView({ uuid, tab, onEdit }: Props) {
  const { t } = useApp();
  const domain = useDomain(uuid);
  if (!domain) return <Gone />;
  const { name } = domain.definition;
  return (
    <div className="tv-domain">
      <header className="tv-domain-header">
        <div className="tv-domain-title">
          <Button
            component="a"
            href={LIST_HREF}
            variant="plain"
            icon={<AngleLeftIcon />}
            aria-label={t("domain.back")}
          />
          <Title headingLevel="h1" size="xl" className="tv-domain-name">
            {name}
          </Title>
          <output>
            <StateLabel domain={domain} />
          </output>
        </div>
        <DomainActions
          domain={domain}
          onEdit={() => onEdit(domain)}
          onDeleted={() => go(LIST_HREF)}
        />
      </header>
      <Tabs
        className="tv-domain-tabs"
        activeKey={tab}
        onSelect={(_, key) => go(domainHref(uuid, key as DomainTab))}
        aria-label={t("domain.views", { name })}
        inset={{ default: "insetMd" }}
      >
        <Tab
          eventKey="console"
          tabContentId="tv-tab-console"
          title={<TabTitleText>{t("domain.console")}</TabTitleText>}
        />
        <Tab
          eventKey="details"
          tabContentId="tv-tab-details"
          title={<TabTitleText>{t("domain.details")}</TabTitleText>}
        />
        <Tab
          eventKey="performance"
          tabContentId="tv-tab-performance"
          title={<TabTitleText>{t("domain.performance")}</TabTitleText>}
        />
      </Tabs>
      <div
        className="tv-domain-body"
        id={`tv-tab-${tab}`}
        role="tabpanel"
        aria-label={t(`domain.${tab}`)}
      >
        {tab === "details" && <DomainDetails domain={domain} />}
        {tab === "performance" && <PerformanceView key={uuid} domain={domain} />}
        {tab === "console" && <Console domain={domain} />}
      </div>
    </div>
  );
}

function Console({ domain }: { readonly domain: Domain }) {
  const { t } = useApp();
  return (
    <LoadBoundary message={t("console.loadFailed")} kind={t("alert.danger")}>
      <Suspense
        fallback={<Spinner className="tv-centre" aria-label={t("app.loading")} aria-valuetext="" />}
      >
        <ConsoleView key={domain.definition.uuid} domain={domain} />
      </Suspense>
    </LoadBoundary>
  );
}

function Gone() {
  const { t } = useApp();
  return (
    <EmptyState titleText={t("domain.gone")} icon={VirtualMachineIcon} headingLevel="h1">
      <EmptyStateBody>{t("domain.goneHint")}</EmptyStateBody>
      <EmptyStateFooter>
        <Button component="a" href={LIST_HREF} variant="link">
          {t("domain.back")}
        </Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}
