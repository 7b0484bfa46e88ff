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
import { type FormEvent, useEffect, useRef, useState } from "react";
import { cloneDomain } from "../../virt/clone/clone.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useDomains, useManager } from "../shell/context.tsx";
import { TaskFooter, TaskPanel } from "../shell/task-in-dialog.tsx";
import { useDialogWork, useIsOpen } from "../shell/use-dialog-work.ts";
import type { Task } from "../shell/tasks.ts";
import { errorText } from "../common/error-text.ts";
import { FormError } from "../common/form-error.tsx";
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
  const { task, error, clone } = useClone(domain, onClose);
  const problem = draft && nameProblem(draft.name, domains);
  const isReady =
    draft && !problem && draft.disks.every((each) => diskProblem(each, draft) === null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady === true && !task) void clone(draft);
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
        {task ? (
          <TaskPanel task={task} />
        ) : draft ? (
          <Form id={FORM} onSubmit={submit}>
            <FormError text={error} />
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
        {task ? (
          <TaskFooter task={task} onClose={onClose} />
        ) : (
          <>
            <Button type="submit" form={FORM} isDisabled={isReady !== true}>
              {t("clone.clone")}
            </Button>
            <Button id="clone-cancel" variant="link" onClick={onClose}>
              {t("action.cancel")}
            </Button>
          </>
        )}
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

interface Cloning {
  readonly task: Task | undefined;
  /** Why the last try failed. */
  readonly error: string | null;
  clone(draft: CloneDraft): Promise<void>;
}

function useClone(domain: ManagedDomain, onClose: () => void): Cloning {
  const { t } = useApp();
  const manager = useManager();
  const { task, run } = useDialogWork();
  const [error, setError] = useState<string | null>(null);
  const isOpen = useIsOpen();
  const clone: Cloning["clone"] = async (draft) => {
    const title = t("doing.clone", { name: domain.name, clone: draft.name });
    setError(null);
    try {
      await run({ title, subject: domain.uuid }, async (control) => {
        const wish = { domain: domain.ref, name: draft.name, disks: wishesOf(draft) };
        try {
          await cloneDomain(manager.connect, wish, control);
        } finally {
          await Promise.all(manager.pools().map(({ uuid }) => manager.refreshPool(uuid)));
        }
      });
      if (isOpen()) onClose();
    } catch (cause) {
      setError(errorText(cause));
    }
  };
  return { task, error, clone };
}
