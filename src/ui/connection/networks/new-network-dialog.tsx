/** Defines a network. */
import { Checkbox } from "@patternfly/react-core";
import { useState } from "react";
import type { NetworkRef } from "../../../virt/driver/refs.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { ChoiceField, TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { useManager } from "../../shell/context.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import {
  NETWORK_MODES,
  networkDefinition,
  type NetworkDraft,
  networkProblems,
  type NetworkProblems,
  usualRange,
} from "./network-draft.ts";

interface Props {
  readonly onClose: () => void;
  readonly onMade: (network: NetworkRef) => void;
}

const FIRST_CIDR = "192.168.100.0/24";
const FIRST: NetworkDraft = {
  name: "",
  mode: "nat",
  domain: "",
  ipv4: true,
  cidr: FIRST_CIDR,
  dhcp: true,
  ...(usualRange(FIRST_CIDR) ?? { start: "", end: "" }),
};

export function NewNetworkDialog({ onClose, onMade }: Props) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const [draft, setDraft] = useState(FIRST);
  const change = (part: Partial<NetworkDraft>) => setDraft((old) => ({ ...old, ...part }));
  const problems = networkProblems(draft);
  const submit = async () => {
    const xml = formatXml(networkDefinition(draft));
    const made = await run(t("network.task.create", { name: draft.name.trim() }), () =>
      manager.connect.networkDefineXMLFlags(xml, 0),
    );
    await manager.refreshNetwork(made.uuid);
    onMade(made);
  };
  return (
    <FormDialog
      id="new-network"
      title={t("network.newTitle")}
      submitLabel={t("create.create")}
      isValid={Object.keys(problems).length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="new-network-name"
            label={t("pool.name")}
            value={draft.name}
            onChange={(name) => change({ name })}
            problem={problems.name}
            shown={shown}
          />
          <ChoiceField
            id="new-network-mode"
            label={t("network.mode")}
            value={draft.mode}
            options={NETWORK_MODES.map((each) => [each, t(`network.mode.${each}`)] as const)}
            onChange={(mode) => change({ mode })}
            hint={t(`network.modeHint.${draft.mode}`)}
          />
          <Ipv4Fields draft={draft} problems={problems} shown={shown} onChange={change} />
          <TextField
            id="new-network-domain"
            label={t("network.domain")}
            value={draft.domain}
            onChange={(domain) => change({ domain })}
            isOptional
          />
        </>
      )}
    </FormDialog>
  );
}

interface Ipv4Props {
  readonly draft: NetworkDraft;
  readonly problems: NetworkProblems;
  readonly shown: boolean;
  readonly onChange: (change: Partial<NetworkDraft>) => void;
}

function Ipv4Fields({ draft, problems, shown, onChange }: Ipv4Props) {
  const t = useT();
  return (
    <>
      <Checkbox
        id="new-network-ipv4"
        label={t("network.ipv4")}
        isChecked={draft.ipv4}
        onChange={(_, ipv4) => onChange({ ipv4 })}
      />
      {draft.ipv4 && (
        <>
          <TextField
            id="new-network-cidr"
            label={t("network.cidr")}
            value={draft.cidr}
            onChange={(cidr) => onChange({ cidr, ...usualRange(cidr) })}
            problem={problems.cidr}
            shown={shown}
          />
          <Checkbox
            id="new-network-dhcp"
            label={t("network.dhcp")}
            isChecked={draft.dhcp}
            onChange={(_, dhcp) => onChange({ dhcp })}
          />
        </>
      )}
      {draft.ipv4 && draft.dhcp && (
        <div className="tv-pair">
          <TextField
            id="new-network-start"
            label={t("network.start")}
            value={draft.start}
            onChange={(start) => onChange({ start })}
          />
          <TextField
            id="new-network-end"
            label={t("network.end")}
            value={draft.end}
            onChange={(end) => onChange({ end })}
            problem={problems.range}
            shown
          />
        </div>
      )}
    </>
  );
}
