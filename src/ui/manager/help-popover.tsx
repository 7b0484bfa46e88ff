/** What the keyboard does in the table, and what the search understands. */
import { Button, Popover } from "@patternfly/react-core";
import QuestionCircleIcon from "@patternfly/react-icons/dist/esm/icons/question-circle-icon";
import { Fragment } from "react";
import { useApp } from "../app/context.tsx";

const KEYS = [
  ["help.keys.move", "help.does.move"],
  ["help.keys.open", "help.does.open"],
  ["help.keys.choose", "help.does.choose"],
  ["help.keys.extend", "help.does.extend"],
  ["help.keys.all", "help.does.all"],
  ["help.keys.none", "help.does.none"],
  ["help.keys.menu", "help.does.menu"],
  ["help.keys.labels", "help.does.labels"],
  ["help.keys.delete", "help.does.delete"],
] as const;

/** Examples of searches, as they are typed. */
const SEARCHES = [
  ["web tag:test", "help.search.both"],
  ["state:running", "help.search.state"],
  ["-group:old", "help.search.not"],
  ['description:"two words"', "help.search.quoted"],
] as const;

export function HelpPopover() {
  const { t } = useApp();
  return (
    <Popover
      aria-label={t("help.title")}
      className="tv-manager-popover"
      position="bottom-end"
      closeBtnAriaLabel={t("action.close")}
      bodyContent={<Help />}
    >
      <Button variant="plain" aria-label={t("help.title")} icon={<QuestionCircleIcon />} />
    </Popover>
  );
}

function Help() {
  const { t } = useApp();
  return (
    <>
      <h2 className="tv-help-head">{t("help.title")}</h2>
      <dl className="tv-help">
        {KEYS.map(([keys, does]) => (
          <Fragment key={keys}>
            <dt>
              <kbd>{t(keys)}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </Fragment>
        ))}
      </dl>
      <h3 className="tv-help-head">{t("help.search")}</h3>
      <dl className="tv-help">
        {SEARCHES.map(([example, finds]) => (
          <Fragment key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{t(finds)}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}
