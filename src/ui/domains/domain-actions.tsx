/** A domain's buttons, the same in the list and in its own view, each enabled exactly when legal. */
import { Button, Divider, DropdownItem } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import PauseIcon from "@patternfly/react-icons/dist/esm/icons/pause-icon";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import { useState } from "react";
import type { Domain } from "../../virt/domain.ts";
import { canDo } from "../../virt/verbs.ts";
import { usePreferences, useT } from "../app/context.tsx";
import { domainHref, go } from "../app/route.ts";
import { Menu } from "../common/menu.tsx";
import { ConfirmDialog, type Question } from "./confirm-dialog.tsx";
import { type UserVerb, useVerbs } from "./use-verbs.ts";

interface Props {
  readonly domain: Domain;
  /** Opens the dialog that edits the definition. */
  readonly onEdit: () => void;
  /** Called after the domain was deleted. */
  readonly onDeleted?: () => void;
}

export function DomainActions({ domain, onEdit, onDeleted }: Props) {
  const t = useT();
  const run = useVerbs();
  const { confirmReset, confirmForceOff } = usePreferences();
  const [question, setQuestion] = useState<Question | null>(null);
  const { name, uuid } = domain.definition;

  const start = () => {
    go(domainHref(uuid));
    void run("create", domain);
  };
  const ask = (verb: Question) => {
    const asks = { reset: confirmReset, destroy: confirmForceOff, undefine: true };
    if (asks[verb]) setQuestion(verb);
    else void run(verb, domain);
  };
  const confirmed = async (verb: Question) => {
    setQuestion(null);
    if ((await run(verb, domain)) && verb === "undefine") onDeleted?.();
  };
  const item = (verb: UserVerb, label: string, onClick: () => void, danger = false) => (
    <DropdownItem
      key={verb}
      isDisabled={!canDo(verb, domain)}
      isDanger={danger && canDo(verb, domain)}
      onClick={onClick}
    >
      {label}
    </DropdownItem>
  );
  return (
    <fieldset className="tv-actions" aria-label={`${t("list.actions")}: ${name}`}>
      <RunOrResume domain={domain} onRun={start} onResume={() => void run("resume", domain)} />
      <Button
        variant="secondary"
        icon={<PauseIcon />}
        isDisabled={!canDo("suspend", domain)}
        onClick={() => void run("suspend", domain)}
      >
        {t("action.pause")}
      </Button>
      <Menu
        label={t("action.power")}
        accessibleName={t("action.of", { action: t("action.power"), name })}
        icon={<PowerOffIcon />}
        variant="secondary"
      >
        {item("shutdown", t("action.shutdown"), () => void run("shutdown", domain))}
        {item("reset", t("action.reset"), () => ask("reset"))}
        <Divider component="li" key="divider" />
        {item("destroy", t("action.forceOff"), () => ask("destroy"), true)}
      </Menu>
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem key="edit" isDisabled={!canDo("define", domain)} onClick={onEdit}>
          {t("action.edit")}
        </DropdownItem>
        {item("undefine", t("action.delete"), () => ask("undefine"), true)}
      </Menu>
      {question && (
        <ConfirmDialog
          question={question}
          name={name}
          onConfirm={() => void confirmed(question)}
          onCancel={() => setQuestion(null)}
        />
      )}
    </fieldset>
  );
}

interface RunProps {
  readonly domain: Domain;
  readonly onRun: () => void;
  readonly onResume: () => void;
}

/** One place for the verb that makes the guest run: its label follows the state. */
function RunOrResume({ domain, onRun, onResume }: RunProps) {
  const t = useT();
  const paused = domain.state === "paused";
  const label = domain.state === "crashed" ? "action.runAgain" : "action.run";
  return (
    <Button
      className="tv-run"
      variant="primary"
      icon={<PlayIcon />}
      isDisabled={!canDo(paused ? "resume" : "create", domain)}
      onClick={paused ? onResume : onRun}
    >
      {t(paused ? "action.resume" : label)}
    </Button>
  );
}
