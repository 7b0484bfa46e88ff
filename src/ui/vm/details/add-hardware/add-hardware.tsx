/** "Add hardware": kinds at the left, the form of a new device, or its XML, at the right. */
import {
  Alert,
  Button,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  SimpleList,
  SimpleListItem,
} from "@patternfly/react-core";
import { useState } from "react";
import type { ManagedDomain } from "../../../../virt/manager/objects.ts";
import { useT } from "../../../app/context.tsx";
import { useNetworks } from "../../../shell/context.tsx";
import { kindsFor, type NewKind } from "../model/new-device.ts";
import { NewDeviceForm } from "./new-device-form.tsx";
import { useAddition } from "./use-addition.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly onClose: () => void;
}

const FORM_ID = "add-hardware-form";

export default function AddHardware({ domain, onClose }: Props) {
  const t = useT();
  const network = useNetworks()[0]?.name;
  const kinds = kindsFor({ definition: domain.definition, network });
  const [kind, setKind] = useState<NewKind>("disk");
  const addition = useAddition(domain, kind, onClose);
  return (
    <Modal
      isOpen
      variant="large"
      aria-labelledby="add-hardware-title"
      elementToFocus="#add-hardware button"
      onEscapePress={onClose}
    >
      <ModalHeader labelId="add-hardware-title" title={t("hw.addTitle", { name: domain.name })} />
      <ModalBody
        id="add-hardware"
        className="tv-hw-new-body"
        tabIndex={0}
        aria-labelledby="add-hardware-title"
      >
        <div className="tv-hw-new">
          <KindList kinds={kinds} shown={kind} onShow={setKind} />
          <Form
            id={FORM_ID}
            className="tv-hw-new-form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void addition.finish();
            }}
          >
            <NewDeviceForm key={kind} domain={domain} kind={kind} addition={addition} />
            <Failure error={addition.error} />
          </Form>
        </div>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={FORM_ID}
          isDisabled={addition.isBusy || addition.problem !== null}
          isLoading={addition.isBusy}
          spinnerAriaLabel={t("app.loading")}
        >
          {t("hw.finish")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface KindsProps {
  readonly kinds: readonly NewKind[];
  readonly shown: NewKind;
  readonly onShow: (kind: NewKind) => void;
}

function KindList({ kinds, shown, onShow }: KindsProps) {
  const t = useT();
  return (
    <SimpleList
      aria-label={t("hw.kinds")}
      isControlled={false}
      onSelect={(_, { itemId }) => onShow(itemId as NewKind)}
    >
      {kinds.map((each) => (
        <SimpleListItem
          key={each}
          itemId={each}
          isActive={each === shown}
          componentProps={{ "aria-current": each === shown }}
        >
          {t(`hw.kind.${each}`)}
        </SimpleListItem>
      ))}
    </SimpleList>
  );
}

function Failure({ error }: { readonly error: string | null }) {
  const t = useT();
  return (
    <div aria-live="polite">
      {error !== null && (
        <Alert
          component="p"
          isInline
          variant="danger"
          variantLabel={t("alert.danger")}
          title={t("hw.addFailed")}
        >
          {error}
        </Alert>
      )}
    </div>
  );
}
