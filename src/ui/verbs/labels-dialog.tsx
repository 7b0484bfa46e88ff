/** Title, description, group and tags: of one machine, or group and more tags of several. */
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
  TextArea,
  TextInput,
} from "@patternfly/react-core";
import { type FormEvent, useState } from "react";
import { type Labels, labelsOf, setLabels } from "../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useDomains, useManager, useTask } from "../shell/context.tsx";
import { tagsOf } from "./tags.ts";

interface Props {
  readonly domains: readonly ManagedDomain[];
  readonly onClose: () => void;
}

const FORM = "labels-form";
const GROUPS = "labels-groups";

interface Fields extends Omit<Labels, "tags"> {
  readonly tags: string;
}

const EMPTY: Fields = { title: "", description: "", group: "", tags: "" };

export function LabelsDialog({ domains, onClose }: Props) {
  const { t } = useApp();
  const manager = useManager();
  const run = useTask();
  const single = domains.length === 1 ? domains[0] : undefined;
  const [fields, setFields] = useState<Fields>(() => {
    if (!single) return EMPTY;
    const labels = labelsOf(single.definition);
    return { ...labels, tags: labels.tags.join(", ") };
  });
  const change = (part: Partial<Fields>) => setFields({ ...fields, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    for (const domain of domains) {
      const title = t("doing.labels", { name: domain.name });
      void run({ title, subject: domain.uuid }, async () => {
        const wanted = single ? allOf(fields) : addedTo(labelsOf(domain.definition), fields);
        await setLabels(manager.connect, domain, wanted);
        await manager.refreshDomain(domain.uuid);
      });
    }
  };
  const title = single
    ? t("labels.title", { name: single.name })
    : t("labels.titleMany", { count: domains.length });
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby="labels-title"
      elementToFocus={single ? "#labels-title-text" : "#labels-group"}
      onEscapePress={onClose}
    >
      <ModalHeader title={title} labelId="labels-title" />
      <ModalBody>
        <Form id={FORM} onSubmit={submit}>
          {single && <Texts fields={fields} onChange={change} />}
          <Group fields={fields} onChange={change} many={!single} />
          <Tags fields={fields} onChange={change} many={!single} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={FORM}>
          {t("action.save")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** What one machine is to have. A title is one line. */
function allOf({ title, description, group, tags }: Fields): Labels {
  return {
    title: title.trim(),
    description: description.trim(),
    group: group.trim(),
    tags: tagsOf(tags),
  };
}

/** What each of several is to have: an empty field changes nothing. */
function addedTo(before: Labels, { group, tags }: Fields): Labels {
  return {
    ...before,
    group: group.trim() || before.group,
    tags: [...new Set([...before.tags, ...tagsOf(tags)])],
  };
}

interface FieldProps {
  readonly fields: Fields;
  readonly onChange: (part: Partial<Fields>) => void;
  readonly many?: boolean;
}

function Texts({ fields, onChange }: FieldProps) {
  const { t } = useApp();
  return (
    <>
      <FormGroup label={t("labels.titleField")} fieldId="labels-title-text">
        <TextInput
          id="labels-title-text"
          value={fields.title}
          onChange={(_, title) => onChange({ title })}
        />
      </FormGroup>
      <FormGroup label={t("labels.description")} fieldId="labels-description">
        <TextArea
          id="labels-description"
          rows={3}
          resizeOrientation="vertical"
          value={fields.description}
          onChange={(_, description) => onChange({ description })}
        />
      </FormGroup>
    </>
  );
}

/** Offers the groups that there are. */
function Group({ fields, onChange, many = false }: FieldProps) {
  const { t } = useApp();
  const groups = new Set(useDomains().map(({ definition }) => labelsOf(definition).group));
  return (
    <FormGroup label={t("labels.group")} fieldId="labels-group">
      <TextInput
        id="labels-group"
        list={GROUPS}
        value={fields.group}
        {...(many && { placeholder: t("labels.unchanged") })}
        onChange={(_, group) => onChange({ group })}
      />
      <datalist id={GROUPS}>
        {[...groups].sort().map((group) => group !== "" && <option key={group}>{group}</option>)}
      </datalist>
    </FormGroup>
  );
}

function Tags({ fields, onChange, many = false }: FieldProps) {
  const { t } = useApp();
  return (
    <FormGroup label={t(many ? "labels.addTags" : "labels.tags")} fieldId="labels-tags">
      <TextInput
        id="labels-tags"
        value={fields.tags}
        aria-describedby="labels-tags-hint"
        onChange={(_, tags) => onChange({ tags })}
      />
      <FormHelperText>
        <HelperText id="labels-tags-hint">
          <HelperTextItem>{t("labels.tagsHint")}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
