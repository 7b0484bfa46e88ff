/** All machines of the connection. */
import { Button, Title } from "@patternfly/react-core";
import { useApp } from "../app/context.tsx";
import { useDomains, useManager, useTask } from "../shell/context.tsx";
import { hrefOf } from "../shell/route.ts";

export function ManagerView() {
  const { t } = useApp();
  const run = useTask();
  const { connect } = useManager();
  return (
    <div className="tv-list">
      <Title headingLevel="h1">{t("shell.manager")}</Title>
      <Button component="a" href={hrefOf({ view: "new" })}>
        {t("list.create")}
      </Button>
      <ul>
        {useDomains().map(({ uuid, name, ref }) => (
          <li key={uuid}>
            <a href={hrefOf({ view: "vm", uuid, tab: "console" })}>{name}</a>
            <Button
              onClick={() => void run({ title: name }, () => connect.domainCreateWithFlags(ref, 0))}
            >
              {t("action.run")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
