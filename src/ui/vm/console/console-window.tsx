/** One console alone, in a window of its own. */
import { EmptyState } from "@patternfly/react-core";
import { useApp } from "../../app/context.tsx";
import { useDomain } from "../../shell/context.tsx";
import { hrefOf } from "../../shell/route.ts";
import { ConsoleTab } from "./console-tab.tsx";

interface Props {
  readonly uuid: string;
  readonly device: string;
}

export default function ConsoleWindow({ uuid, device }: Props) {
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
    <main className="tv-console-window">
      <title>{`${domain.name} (${device}) – ${t("app.name")}`}</title>
      <h1 className="pf-v6-u-screen-reader">{domain.name}</h1>
      <ConsoleTab domain={domain} device={device} alone />
    </main>
  );
}
