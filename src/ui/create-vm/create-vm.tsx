/** The wizard that makes machines: five steps, as in virt-manager. */
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
import type { ManagedVolume } from "../../virt/manager/objects.ts";
import { useT } from "../app/context.tsx";
import { isAgain, singly } from "../common/singly.ts";
import { StorageBrowser } from "../common/storage-browser/storage-browser.tsx";
import { replace } from "../shell/route.ts";
import { TaskFooter, TaskPanel } from "../shell/task-in-dialog.tsx";
import "./create-vm.css";
import { type ChosenVolume, STEPS } from "./draft.ts";
import { useDrop } from "./file-pick.tsx";
import { HardwareStep } from "./hardware-step.tsx";
import { NameStep } from "./name-step.tsx";
import { recognized, SourceStep } from "./source-step.tsx";
import { StepList } from "./step-list.tsx";
import { chosenVolume, type StepProps } from "./step-props.ts";
import { StorageStep } from "./storage-step.tsx";
import { SummaryStep } from "./summary-step.tsx";
import { useCreation } from "./use-creation.ts";
import { FIRST_FIELD, useFocus } from "./use-focus.ts";
import { useWizard } from "./use-wizard.ts";

const FORM_ID = "new-vm-form";

interface Browsing {
  readonly title: string;
  readonly onChoose: (volume: ChosenVolume) => void;
}

interface Props {
  readonly onClose: () => void;
}

export default function CreateVm({ onClose }: Props) {
  const t = useT();
  const wizard = useWizard();
  const { task, error, create } = useCreation();
  const [browsing, setBrowsing] = useState<Browsing | null>(null);
  const { step, at, settled, around } = wizard;
  const drop = useDrop((files) => void recognized(files).then(wizard.change));
  useFocus({ step, fault: wizard.fault, isBusy: task !== undefined, error });

  const finish = (): void => {
    if (!wizard.pass(STEPS.length - 1)) return;
    create(settled, around, (uuid) =>
      replace({
        view: "vm",
        uuid,
        tab: settled.starts && !settled.customizes ? "console" : "details",
      }),
    );
  };
  const isLast = at === STEPS.length - 1;
  const isWaiting = settled.source === "guest" && !wizard.areGuestsKnown;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isWaiting) return;
    if (isLast) finish();
    else wizard.next();
  };
  const choose = (volume: ManagedVolume): void => {
    browsing?.onChoose(chosenVolume(volume));
    setBrowsing(null);
  };
  const place = { number: at + 1, count: STEPS.length, step: t(`newVm.step.${step}`) };
  return (
    <>
      <Modal
        isOpen
        variant="medium"
        aria-labelledby="new-vm-title"
        aria-describedby="new-vm-place"
        elementToFocus={FIRST_FIELD}
        onEscapePress={() => !browsing && !task && onClose()}
      >
        <ModalHeader
          labelId="new-vm-title"
          title={t("newVm.title")}
          descriptorId="new-vm-place"
          description={<span aria-live="polite">{t("newVm.stepOf", place)}</span>}
        />
        <ModalBody className="tv-new-vm-body" tabIndex={0} aria-labelledby="new-vm-title">
          <div className="tv-new-vm" {...drop.handlers}>
            <StepList
              current={step}
              seen={task ? -1 : wizard.seen}
              wrong={wizard.wrong}
              onGo={wizard.go}
            />
            <Form id={FORM_ID} className="tv-new-vm-step" onSubmit={onSubmit} noValidate>
              {error !== null && !task && (
                <Alert
                  id="new-vm-error"
                  tabIndex={-1}
                  variant="danger"
                  variantLabel={t("alert.danger")}
                  isInline
                  title={t("newVm.failed")}
                >
                  {error}
                </Alert>
              )}
              {task ? (
                <TaskPanel task={task} />
              ) : (
                <StepBody
                  wizard={wizard}
                  browse={(title, onChoose) => setBrowsing({ title, onChoose })}
                />
              )}
            </Form>
          </div>
        </ModalBody>
        <ModalFooter className="tv-new-vm-footer">
          {task ? (
            <TaskFooter task={task} onClose={onClose} />
          ) : (
            <StepButtons {...{ at, isLast, isWaiting, finish, onClose, back: wizard.back }} />
          )}
        </ModalFooter>
      </Modal>
      <StorageBrowser
        isOpen={browsing !== null}
        onClose={() => setBrowsing(null)}
        onChoose={choose}
        {...(browsing && { title: browsing.title })}
      />
    </>
  );
}

interface BodyProps {
  readonly wizard: ReturnType<typeof useWizard>;
  readonly browse: StepProps["browse"];
}

function StepBody({ wizard, browse }: BodyProps) {
  const { settled, around, change, said, look, guestsError, areGuestsKnown } = wizard;
  const props: StepProps = { settled, around, change, said, browse };
  switch (wizard.step) {
    case "source":
      return <SourceStep {...props} {...{ look, guestsError, areGuestsKnown }} />;
    case "hardware":
      return <HardwareStep {...props} />;
    case "storage":
      return <StorageStep {...props} />;
    case "name":
      return <NameStep {...props} />;
    case "summary":
      return <SummaryStep {...props} />;
  }
}

interface ButtonsProps {
  readonly at: number;
  readonly isLast: boolean;
  /** There is nothing to choose from yet. */
  readonly isWaiting: boolean;
  readonly finish: () => void;
  readonly back: () => void;
  readonly onClose: () => void;
}

function StepButtons({ at, isLast, isWaiting, finish, back, onClose }: ButtonsProps) {
  const t = useT();
  return (
    <>
      <Button variant="secondary" isDisabled={at === 0} onClick={back}>
        {t("newVm.back")}
      </Button>
      <Button
        type="submit"
        form={FORM_ID}
        isDisabled={isWaiting}
        onClick={(event) => {
          // "Finish" stands where "Next" was.
          if (isLast && isAgain(event)) event.preventDefault();
        }}
      >
        {t(isLast ? "newVm.finish" : "newVm.next")}
      </Button>
      {!isLast && (
        <Button variant="secondary" isDisabled={isWaiting} onClick={finish}>
          {t("newVm.finishNow")}
        </Button>
      )}
      <Button variant="link" onClick={singly(onClose)}>
        {t("newVm.cancel")}
      </Button>
    </>
  );
}
