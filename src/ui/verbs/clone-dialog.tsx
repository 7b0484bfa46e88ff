/** Clones a machine: its new name, and what becomes of each disk. */
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
  Spinner,
  TextInput,
} from "@patternfly/react-core";
import { type FormEvent, useEffect, useRef } from "react";
import { cloneDomain } from "../../virt/clone/clone.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useDomains, useManager, useTask } from "../shell/context.tsx";
import { CloneDiskField } from "./clone-disk-field.tsx";
import { type NameProblem, nameProblem } from "./name-problem.ts";
import { type CloneDraft, diskProblem, useCloneDraft, wishesOf } from "./use-clone-draft.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly onClose: () => void;
}

const FORM = "clone-form";

export function CloneDialog({ domain, onClose }: Props) {
  const { t } = useApp();
  const domains = useDomains();
  const [draft, setDraft] = useCloneDraft(domain);
  const clone = useClone(domain, onClose);
  const problem = draft && nameProblem(draft.name, domains);
  const isReady =
    draft && !problem && draft.disks.every((each) => diskProblem(each, draft) === null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady === true) clone(draft);
  };
  return (
    <Modal
      isOpen
      variant="medium"
      aria-labelledby="clone-title"
      elementToFocus="#clone-cancel"
      onEscapePress={onClose}
    >
      <ModalHeader
        title={t("clone.title", { name: domain.name })}
        description={t("clone.hint")}
        labelId="clone-title"
      />
      <ModalBody tabIndex={0} aria-labelledby="clone-title">
        {draft ? (
          <Form id={FORM} onSubmit={submit}>
            <NameField
              name={draft.name}
              problem={nameProblem(draft.name, domains)}
              onChange={(name) => setDraft({ ...draft, name })}
            />
            {draft.disks.map((each) => (
              <CloneDiskField
                key={each.disk.target}
                wish={each}
                machine={domain.name}
                problem={diskProblem(each, draft)}
                onChange={(wish) =>
                  setDraft({
                    ...draft,
                    disks: draft.disks.map((other) => (other === each ? wish : other)),
                  })
                }
              />
            ))}
          </Form>
        ) : (
          <Spinner aria-label={t("app.loading")} />
        )}
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={FORM} isDisabled={isReady !== true}>
          {t("clone.clone")}
        </Button>
        <Button id="clone-cancel" variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly problem: NameProblem | null;
  readonly onChange: (name: string) => void;
}

/** Takes the focus as soon as there is something to name. */
function NameField({ name, problem, onChange }: NameFieldProps) {
  const { t } = useApp();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <FormGroup label={t("rename.name")} fieldId="clone-name" isRequired>
      <TextInput
        id="clone-name"
        ref={field}
        value={name}
        validated={problem ? "error" : "default"}
        aria-describedby="clone-problem"
        onChange={(_, value) => onChange(value)}
      />
      <FormHelperText>
        <HelperText id="clone-problem" isLiveRegion>
          {problem && (
            <HelperTextItem variant="error">{t(`problem.name.${problem}`)}</HelperTextItem>
          )}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

/** @returns a function that clones as a task, which can be given up between two disks */
function useClone(domain: ManagedDomain, onClose: () => void): (draft: CloneDraft) => void {
  const { t } = useApp();
  const manager = useManager();
  const run = useTask();
  return (draft) => {
    onClose();
    const title = t("doing.clone", { name: domain.name, clone: draft.name });
    void run({ title, subject: domain.uuid, canCancel: true }, async ({ progress, signal }) => {
      const wish = { domain: domain.ref, name: draft.name, disks: wishesOf(draft) };
      try {
        await cloneDomain(manager.connect, wish, {
          progress: (done, of) => progress(done / of),
          signal,
        });
      } finally {
        await Promise.all(manager.pools().map(({ uuid }) => manager.refreshPool(uuid)));
      }
    });
  };
}
