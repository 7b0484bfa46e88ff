/** What the connection is, what its host has, and what runs on it. */
import { Alert, Card, CardBody, CardTitle, Spinner } from "@patternfly/react-core";
import { type ReactNode, useCallback } from "react";
import type { Connect } from "../../../virt/driver/connect.ts";
import { useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { formatBytes } from "../../common/format.ts";
import { useLoaded } from "../../common/use-loaded.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { useDomains, useManager, useNetworks, usePools, useShell } from "../../shell/context.tsx";
import { type ConnectionRoute, hrefOf } from "../../shell/route.ts";
import { connectionName } from "../connection-name.ts";
import { type Fact, Facts } from "../facts.tsx";
import { RoutedTabs } from "../routed-tabs.tsx";
import { XmlView } from "../xml-view.tsx";
import { runningOf, versionText } from "./overview-facts.ts";

const VIEWS = ["summary", "capabilities", "domcapabilities"] as const;

export function OverviewTab({ route }: { readonly route: ConnectionRoute }) {
  const t = useT();
  const shown = VIEWS.find((each) => each === route.item) ?? "summary";
  return (
    <div className="tv-pane">
      <RoutedTabs
        id="overview"
        label={t("overview.views")}
        items={VIEWS.map((each) => [each, t(`overview.view.${each}`)] as const)}
        shown={shown}
        routeOf={(each) => ({ view: "connection", tab: "overview", item: each })}
        isSubtab
      >
        {shown === "summary" && <Summary />}
        {shown === "capabilities" && <Capabilities load={hostCapabilities} />}
        {shown === "domcapabilities" && <Capabilities load={domainCapabilities} />}
      </RoutedTabs>
    </div>
  );
}

const hostCapabilities = (connect: Connect): Promise<string> => connect.connectGetCapabilities();
const domainCapabilities = (connect: Connect): Promise<string> =>
  connect.connectGetDomainCapabilities(null, null, null, null, 0);

function Capabilities({ load }: { readonly load: (connect: Connect) => Promise<string> }) {
  const t = useT();
  const { connect } = useManager();
  const { value, error } = useLoaded(useCallback(() => load(connect), [connect, load]));
  if (error !== null) {
    return (
      <Alert
        variant="warning"
        variantLabel={t("alert.warning")}
        isInline
        title={errorText(error)}
      />
    );
  }
  if (value === null) return <Spinner aria-label={t("app.loading")} />;
  return <XmlView label={t("overview.view.capabilities")} xml={value} />;
}

function Summary() {
  const t = useT();
  return (
    <div className="tv-cards">
      <Section title={t("overview.connection")}>
        <ConnectionFacts />
      </Section>
      <Section title={t("overview.host")}>
        <HostFacts />
      </Section>
      <Section title={t("overview.machines")}>
        <MachineFacts />
      </Section>
      <Section title={t("overview.storage")}>
        <StorageFacts />
      </Section>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card isCompact>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  );
}

function ConnectionFacts() {
  const t = useT();
  const { connect, host } = useManager();
  const { holdsMachines } = useShell();
  const version = useLoaded(useCallback(() => connect.connectGetVersion(), [connect])).value;
  const secure = useLoaded(useCallback(() => connect.connectIsSecure(), [connect])).value;
  const yesNo = (is: boolean) => t(is ? "pool.yes" : "pool.no");
  const isOwn = host.type === "QEMU";
  return (
    <Facts
      isNarrow
      facts={[
        [t("pool.name"), connectionName(host.uri)],
        [t("overview.uri"), host.uri],
        [t("overview.hostname"), host.hostname],
        [t("overview.hypervisor"), version === null ? host.type : versionText(host.type, version)],
        [t("overview.secure"), secure === null ? null : yesNo(secure)],
        [t("overview.autoconnect"), t("overview.withPage")],
        [
          t("overview.where"),
          isOwn ? t(holdsMachines() ? "overview.thisTab" : "overview.otherTab") : null,
        ],
      ]}
    />
  );
}

function HostFacts() {
  const t = useT();
  const { connect, host } = useManager();
  const node = useLoaded(useCallback(() => connect.nodeGetInfo(), [connect])).value;
  const free = useLoaded(useCallback(() => connect.nodeGetFreeMemory(), [connect])).value;
  const topology =
    node &&
    t("overview.topology", {
      sockets: node.nodes * node.sockets,
      cores: node.cores,
      threads: node.threads,
    });
  return (
    <Facts
      isNarrow
      facts={[
        [t("overview.cpuModel"), node?.model ?? null],
        [t("overview.cpus"), topology ? `${host.cpus} (${topology})` : String(host.cpus)],
        [t("overview.memory"), formatBytes(host.memoryKib * 1024, t)],
        [t("overview.freeMemory"), free === null ? null : formatBytes(Number(free), t)],
        [t("overview.maxVcpus"), String(host.maxVcpus)],
      ]}
    />
  );
}

function MachineFacts() {
  const t = useT();
  const domains = useDomains();
  const [pools, networks] = [usePools(), useNetworks()];
  const running = runningOf(domains);
  const starts = (objects: readonly { readonly autostart: boolean }[]) =>
    objects.filter(({ autostart }) => autostart).length;
  return (
    <Facts
      isNarrow
      facts={[
        [t("overview.running"), t("overview.ofAll", { count: running.count, all: domains.length })],
        [t("overview.runningVcpus"), String(running.vcpus)],
        [t("overview.runningMemory"), formatBytes(running.memoryKib * 1024, t)],
        [
          t("overview.autostart"),
          t("overview.autostartCounts", {
            machines: starts(domains),
            pools: starts(pools),
            networks: starts(networks),
          }),
        ],
      ]}
    />
  );
}

/** What the browser lets this page store. */
function StorageFacts() {
  const t = useT();
  const { value } = useLoaded(browserSpace);
  const facts: readonly Fact[] = value === null ? [] : spaceFacts(value, t);
  return (
    <>
      <Facts isNarrow facts={facts} />
      <p>
        <a href={hrefOf({ view: "connection", tab: "host" })}>{t("overview.toHostCheck")}</a>
      </p>
    </>
  );
}

async function browserSpace() {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { quota, usage, persisted: await navigator.storage.persisted() };
}

type Space = Awaited<ReturnType<typeof browserSpace>>;

function spaceFacts({ quota, usage, persisted }: Space, t: Translate): readonly Fact[] {
  return [
    [t("overview.quota"), formatBytes(quota, t)],
    [t("pool.space"), formatBytes(usage, t)],
    [t("pool.available"), formatBytes(Math.max(0, quota - usage), t)],
    [t("overview.kept"), t(persisted ? "pool.yes" : "overview.mayBeEvicted")],
  ];
}
