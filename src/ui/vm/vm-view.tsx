/** One machine's window: what it is, what can be done with it, and its tabs. */
import "./vm.css";
import { Breadcrumb, BreadcrumbItem, EmptyState, Title } from "@patternfly/react-core";
import { lazy, Suspense, useEffect, useRef } from "react";
import { labelsOf } from "../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useT } from "../app/context.tsx";
import { LoadBoundary } from "../common/load-boundary.tsx";
import { useDomain } from "../shell/context.tsx";
import { replace, hrefOf, VM_TABS, type VmTab } from "../shell/route.ts";
import { VmState } from "./vm-state.tsx";
import { VmToolbar } from "./vm-toolbar.tsx";

const ConsoleTab = lazy(async () => {
  const { ConsoleTab: component } = await import("./console/console-tab.tsx");
  return { default: component };
});
const DetailsTab = lazy(() => import("./details/details-tab.tsx"));
const PerformanceTab = lazy(async () => {
  const { PerformanceTab: component } = await import("./performance/performance-tab.tsx");
  return { default: component };
});

interface Props {
  readonly uuid: string;
  readonly tab: VmTab;
  readonly item: string | undefined;
}

export default function VmView({ uuid, tab, item }: Props) {
  const t = useT();
  const domain = useDomain(uuid);
  useGoodbye(uuid, domain);
  if (!domain) {
    return (
      <EmptyState headingLevel="h1" titleText={t("shell.noDomain")}>
        <a href={hrefOf({ view: "manager" })}>{t("shell.toManager")}</a>
      </EmptyState>
    );
  }
  return (
    <div className="tv-vm">
      <VmHeader domain={domain} />
      <nav className="tv-vm-tabs" aria-label={t("domain.views", { name: domain.name })}>
        <ul>
          {VM_TABS.map((each) => (
            <li key={each}>
              <a
                href={hrefOf({ view: "vm", uuid, tab: each })}
                aria-current={each === tab ? "page" : undefined}
              >
                {t(`domain.${each}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="tv-vm-body">
        <LoadBoundary message={t("app.crashed")} kind={t("alert.danger")}>
          <Suspense>
            {tab === "console" && <ConsoleTab key={uuid} domain={domain} />}
            {tab === "details" && <DetailsTab key={uuid} domain={domain} item={item} />}
            {tab === "performance" && <PerformanceTab key={uuid} domain={domain} />}
          </Suspense>
        </LoadBoundary>
      </div>
    </div>
  );
}

function VmHeader({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const { title } = labelsOf(domain.definition);
  return (
    <header className="tv-vm-header">
      <div className="tv-vm-heading">
        <Breadcrumb aria-label={t("vm.breadcrumb")}>
          <BreadcrumbItem to={hrefOf({ view: "manager" })}>{t("shell.manager")}</BreadcrumbItem>
          <BreadcrumbItem isActive>{domain.name}</BreadcrumbItem>
        </Breadcrumb>
        <div className="tv-vm-name">
          <Title headingLevel="h1" size="xl">
            {domain.name}
          </Title>
          <VmState domain={domain} />
          {title !== "" && <span className="tv-subtle">{title}</span>}
        </div>
      </div>
      <VmToolbar domain={domain} />
    </header>
  );
}

/** Who looks at a machine while it is deleted is shown the others. */
function useGoodbye(uuid: string, domain: ManagedDomain | undefined): void {
  const seen = useRef<string | null>(null);
  useEffect(() => {
    if (domain) seen.current = uuid;
    else if (seen.current === uuid) replace({ view: "manager" });
  }, [uuid, domain]);
}
