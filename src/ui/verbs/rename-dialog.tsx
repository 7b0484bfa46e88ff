/** Gives a machine another name. */
import {
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from "@patternfly/react-core";
import { type FormEvent, useState } from "react";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useDomains, useManager, useTask } from "../shell/context.tsx";
import { nameProblem } from "./name-problem.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly onClose: () => void;
}

const FORM = "rename-form";

export function RenameDialog({ domain, onClose }: Props) {
  const { t } = useApp();
  const { connect } = useManager();
  const run = useTask();
  const others = useDomains().filter(({ uuid }) => uuid !== domain.uuid);
  const [name, setName] = useState(domain.name);
  const problem = nameProblem(name, others);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    onClose();
    if (name === domain.name) return;
    const title = t("doing.rename", { name: domain.name });
    void run({ title, subject: domain.uuid }, () => connect.domainRename(domain.ref, name, 0));
  };
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby="rename-title"
      elementToFocus="#rename-name"
      onEscapePress={onClose}
    >
      <ModalHeader title={t("rename.title", { name: domain.name })} labelId="rename-title" />
      <ModalBody>
        <Form id={FORM} onSubmit={submit}>
          <FormGroup label={t("rename.name")} fieldId="rename-name" isRequired>
            <TextInput
              id="rename-name"
              value={name}
              validated={problem ? "error" : "default"}
              aria-describedby="rename-problem"
              onChange={(_, value) => setName(value)}
            />
            <FormHelperText>
              <HelperText id="rename-problem" isLiveRegion>
                {problem && (
                  <HelperTextItem variant="error">{t(`problem.name.${problem}`)}</HelperTextItem>
                )}
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={FORM} isDisabled={problem !== null}>
          {t("rename.rename")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
