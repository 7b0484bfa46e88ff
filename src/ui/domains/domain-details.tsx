/** What a machine is made of. */
import {
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Gallery,
} from "@patternfly/react-core";
import type { ReactNode } from "react";
import type { BootSource, Domain, ImageRef } from "../../virt/domain.ts";
import { appendOf } from "../../virt/command-line.ts";
import { useApp } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { reasonText } from "../common/reason-text.ts";
import { bootTitle, useGuests } from "../common/use-guests.ts";
import { StateLabel } from "./state-label.tsx";

type Rows = readonly (readonly [term: string, description: ReactNode])[];

export function DomainDetails({ domain }: { readonly domain: Domain }) {
  return (
    <Gallery hasGutter className="tv-inset" minWidths={{ default: "min(100%, 24rem)" }}>
      <Overview domain={domain} />
      <Boot boot={domain.definition.boot} />
    </Gallery>
  );
}

function Section({ title, rows }: { readonly title: string; readonly rows: Rows }) {
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: "9rem" }}>
          {rows.map(([term, description]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{description}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

function Overview({ domain }: { readonly domain: Domain }) {
  const { t, language } = useApp();
  const { definition, changedAtMs } = domain;
  const reason = reasonText(domain, t);
  const since = changedAtMs === undefined ? null : new Date(changedAtMs).toLocaleString(language);
  const state = (
    <>
      <StateLabel domain={domain} />
      {reason && <div className="tv-reason">{reason}</div>}
    </>
  );
  const rows: Rows = [
    [t("list.name"), definition.name],
    [t("list.state"), state],
    ...(since === null ? [] : ([[t("details.stateSince"), since]] as const)),
    [t("list.memory"), formatBytes(definition.memoryBytes, t)],
    [t("list.vcpus"), definition.vcpus],
    [t("details.uuid"), <code key="uuid">{definition.uuid}</code>],
  ];
  return <Section title={t("details.overview")} rows={rows} />;
}

function Boot({ boot }: { readonly boot: BootSource }) {
  const { t } = useApp();
  const { list } = useGuests();
  const append = appendOf(boot, list);
  const line = append ? <code className="tv-line">{append}</code> : t("details.none");
  const file = (ref: ImageRef | undefined, otherwise: string): string =>
    ref ? t("details.size", { name: ref.name, size: formatBytes(ref.sizeBytes, t) }) : otherwise;
  const images: Rows =
    boot.kind === "guest"
      ? [[t("details.image"), bootTitle(boot, list, t)]]
      : [
          [t("details.firmware"), file(boot.firmware, t("details.builtInFirmware"))],
          ...(boot.efi ? ([[t("details.efi"), t("details.efiBuiltIn")]] as const) : []),
          [t("details.kernel"), file(boot.kernel, t("details.none"))],
          [t("details.initrd"), file(boot.initrd, t("details.none"))],
        ];
  const rows: Rows = [...images, [t("details.commandLine"), line]];
  return <Section title={t("details.boot")} rows={rows} />;
}
