/** Step 4: name and network. */
import { FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { FieldNote } from "./field-note.tsx";
import type { StepProps } from "./step-props.ts";

export function NameStep(props: StepProps) {
  const t = useT();
  const { settled, change, said } = props;
  const note = said("name");
  return (
    <>
      <FormGroup label={t("newVm.name")} fieldId="new-vm-name" isRequired>
        <TextInput
          id="new-vm-name"
          isRequired
          autoComplete="off"
          spellCheck={false}
          value={settled.name}
          validated={note.problem === undefined ? "default" : "error"}
          aria-describedby="new-vm-name-note"
          onChange={(_, name) => change({ name })}
        />
        <FieldNote id="new-vm-name-note" said={note} />
      </FormGroup>
      <NetworkField {...props} />
    </>
  );
}

function NetworkField({ settled, around, change }: StepProps) {
  const t = useT();
  const chosen = around.networks.find(({ name }) => name === settled.network);
  const warning = chosen?.isActive === false ? t("newVm.network.inactiveWarning") : undefined;
  return (
    <FormGroup label={t("newVm.network")} fieldId="new-vm-network">
      <FormSelect
        id="new-vm-network"
        value={settled.network}
        aria-describedby="new-vm-network-note"
        onChange={(_, network) => change({ network })}
      >
        <FormSelectOption value="" label={t("newVm.network.none")} />
        {around.networks.map(({ name, isActive }) => (
          <FormSelectOption
            key={name}
            value={name}
            label={t(isActive ? "newVm.network.active" : "newVm.network.inactive", { name })}
          />
        ))}
      </FormSelect>
      <FieldNote id="new-vm-network-note" said={{ problem: undefined, warning }} />
    </FormGroup>
  );
}
