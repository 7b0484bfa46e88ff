/** What is chosen in the list: its form, or its XML. */
import { Alert, EmptyState, Label, Tab, Tabs, TabTitleText, Title } from "@patternfly/react-core";
import type { ReactNode } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { hrefOf } from "../../shell/route.ts";
import { BootForm } from "./boot-form.tsx";
import { CpusForm } from "./cpus-form.tsx";
import { DeviceForm } from "./device-form.tsx";
import { MemoryForm } from "./memory-form.tsx";
import { deviceDiffers, pageDiffers } from "./model/difference.ts";
import { type Device, devicesIn, type Page, PAGES } from "./model/hardware.ts";
import { deviceLabel } from "./model/hardware-label.ts";
import { OsForm } from "./os-form.tsx";
import { OverviewForm } from "./overview-form.tsx";
import { RemoveButton } from "./remove-button.tsx";
import { XmlForm } from "./xml-form.tsx";

export type PanelTab = "form" | "xml";

interface Props {
  readonly domain: ManagedDomain;
  readonly item: string;
  readonly tab: PanelTab;
  readonly onTab: (tab: PanelTab) => void;
}

export function ItemPanel({ domain, item, tab, onTab }: Props) {
  const t = useT();
  const page = PAGES.find((each) => each === item);
  const devices = devicesIn(domain.definition, domain.live);
  const device = devices.find(({ id }) => id === item);
  if (!page && !device) return <NoItem domain={domain} />;
  const label = page ? t(`hw.page.${page}`) : device ? deviceLabel(device, t) : "";
  return (
    <section className="tv-hw-panel" aria-labelledby="hw-panel-title">
      <header className="tv-hw-header">
        <Title headingLevel="h2" size="lg" id="hw-panel-title">
          {label}
        </Title>
        <Badge domain={domain} page={page} device={device} />
      </header>
      <Tabs
        activeKey={tab}
        aria-label={t("hw.viewsOf", { name: label })}
        onSelect={(_, key) => onTab(key as PanelTab)}
      >
        <Tab
          eventKey="form"
          tabContentId="hw-panel-body"
          title={<TabTitleText>{t("hw.formTab")}</TabTitleText>}
        />
        <Tab
          eventKey="xml"
          tabContentId="hw-panel-body"
          title={<TabTitleText>{t("hw.xmlTab")}</TabTitleText>}
        />
      </Tabs>
      <div id="hw-panel-body" role="tabpanel" aria-labelledby="hw-panel-title">
        {!domain.isPersistent && (
          <Alert
            component="p"
            isInline
            variant="info"
            variantLabel={t("alert.info")}
            className="tv-hw-transient"
            title={t("hw.transient")}
          />
        )}
        <Body domain={domain} page={page} device={device} tab={tab} label={label} />
      </div>
    </section>
  );
}

interface BodyProps {
  readonly domain: ManagedDomain;
  readonly page: Page | undefined;
  readonly device: Device | undefined;
}

function Body({
  domain,
  page,
  device,
  tab,
  label,
}: BodyProps & { readonly tab: PanelTab; readonly label: string }): ReactNode {
  const actions = device && <RemoveButton domain={domain} device={device} label={label} />;
  if (tab === "xml") {
    return (
      <XmlForm
        domain={domain}
        id={device?.id ?? null}
        device={device?.element ?? null}
        label={device ? label : domain.name}
        actions={actions}
      />
    );
  }
  if (device) {
    return <DeviceForm domain={domain} id={device.id} device={device.element} actions={actions} />;
  }
  return page && PAGE_FORMS[page]({ domain });
}

const PAGE_FORMS: Readonly<Record<Page, (props: { domain: ManagedDomain }) => ReactNode>> = {
  overview: (props) => <OverviewForm {...props} />,
  os: (props) => <OsForm {...props} />,
  cpus: (props) => <CpusForm {...props} />,
  memory: (props) => <MemoryForm {...props} />,
  boot: (props) => <BootForm {...props} />,
};

/** How what runs differs from what is shown. */
function Badge({ domain, page, device }: BodyProps) {
  const t = useT();
  if (device && device.presence !== "both") {
    const key = device.presence === "live" ? "hw.untilShutOff" : "hw.fromNextStart";
    return <Label color="orange">{t(key)}</Label>;
  }
  const differs = page ? pageDiffers(domain, page) : device && deviceDiffers(domain, device.id);
  return differs === true ? <Label color="orange">{t("hw.pending")}</Label> : null;
}

function NoItem({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  return (
    <EmptyState headingLevel="h2" titleText={t("hw.gone")}>
      <a href={hrefOf({ view: "vm", uuid: domain.uuid, tab: "details", item: "overview" })}>
        {t("hw.page.overview")}
      </a>
    </EmptyState>
  );
}
