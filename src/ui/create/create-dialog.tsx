/** Creates or edits a definition. */
import {
  Alert,
  Button,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { type FormEvent, useState } from "react";
import type { Domain, ImageRef } from "../../virt/domain.ts";
import { useApp, useDomains } from "../app/context.tsx";
import { domainHref, go } from "../app/route.ts";
import { errorText } from "../common/error-text.ts";
import { useVerbs } from "../domains/use-verbs.ts";
import { AdvancedFields } from "./advanced-fields.tsx";
import { BootFields } from "./boot-fields.tsx";
import { type Draft, draftOf, draftProblems, newDraft, ROLES, toDefinition } from "./draft.ts";
import { MemoryField, NameField, VcpusField } from "./machine-fields.tsx";

interface Props {
  /** The machine to edit; a new one is created when absent. */
  readonly domain?: Domain;
  readonly onClose: () => void;
}

const FORM_ID = "create-form";

export default function CreateDialog({ domain, onClose }: Props) {
  const { t, connection } = useApp();
  const { draft, change, problems, busy, error, submit } = useDraft(domain);
  const [shown, setShown] = useState(false);
  const visible = shown ? problems : [];

  const save = async (run: boolean) => {
    setShown(true);
    if (problems.length === 0 && (await submit(run))) onClose();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void save(false);
  };
  const fields = { draft, change, problems: visible };
  return (
    <Modal
      isOpen
      variant="medium"
      aria-labelledby="create-title"
      elementToFocus="#create-name"
      onEscapePress={onClose}
    >
      <ModalHeader
        labelId="create-title"
        title={domain ? t("create.editTitle", { name: domain.definition.name }) : t("create.title")}
      />
      <ModalBody tabIndex={0} aria-labelledby="create-title">
        <Form id={FORM_ID} onSubmit={onSubmit} noValidate>
          {error !== null && (
            <Alert variant="danger" variantLabel={t("alert.danger")} isInline title={error} />
          )}
          <NameField {...fields} />
          <BootFields {...fields} />
          <div className="tv-number-fields">
            <MemoryField {...fields} capabilities={connection.capabilities} />
            <VcpusField {...fields} capabilities={connection.capabilities} />
          </div>
          <AdvancedFields {...fields} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={FORM_ID}
          isDisabled={busy}
          isLoading={busy}
          spinnerAriaLabel={t("app.loading")}
        >
          {t(domain ? "action.save" : "create.create")}
        </Button>
        {!domain && (
          <Button variant="secondary" isDisabled={busy} onClick={() => void save(true)}>
            {t("create.createAndRun")}
          </Button>
        )}
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function useDraft(domain: Domain | undefined) {
  const { t, connection } = useApp();
  const run = useVerbs();
  const domains = useDomains();
  const [draft, setDraft] = useState<Draft>(() =>
    domain
      ? draftOf(domain.definition)
      : newDraft(
          crypto.randomUUID(),
          freeName(domains, (number) => t("create.defaultName", { number })),
        ),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const otherNames = new Set(
    domains
      .map(({ definition }) => definition)
      .filter(({ uuid }) => uuid !== draft.uuid)
      .map(({ name }) => name),
  );
  const problems = draftProblems(draft, connection.capabilities, otherNames);

  const submit = async (runIt: boolean): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await connection.define(toDefinition(draft, await storeFiles(draft, connection)));
    } catch (cause) {
      setError(errorText(cause));
      return false;
    } finally {
      setBusy(false);
    }
    if (runIt) {
      const defined = connection.domains().find(({ definition }) => definition.uuid === draft.uuid);
      go(domainHref(draft.uuid));
      if (defined) void run("create", defined);
    }
    return true;
  };
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  return { draft, change, problems, busy, error, submit };
}

/** Stores the files that were just picked; those of the old definition are stored already. */
async function storeFiles(
  { source, files }: Draft,
  connection: ReturnType<typeof useApp>["connection"],
): Promise<{ [R in (typeof ROLES)[number]]?: ImageRef }> {
  const refs: { [R in (typeof ROLES)[number]]?: ImageRef } = {};
  if (source !== "files") return refs;
  for (const role of ROLES) {
    const picked = files[role];
    if (picked) refs[role] = picked instanceof File ? await connection.storeImage(picked) : picked;
  }
  return refs;
}

/** The first of "Machine 1", "Machine 2", … that is not taken. */
function freeName(domains: readonly Domain[], nameOf: (number: number) => string): string {
  const taken = new Set(domains.map(({ definition }) => definition.name));
  let number = 1;
  while (taken.has(nameOf(number))) number += 1;
  return nameOf(number);
}
