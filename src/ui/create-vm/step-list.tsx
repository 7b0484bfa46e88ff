/** The wizard's steps; those that were seen can be gone to. */
import { Button } from "@patternfly/react-core";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import { useT } from "../app/context.tsx";
import { type Step, STEPS } from "./draft.ts";

interface Props {
  readonly current: Step;
  /** The furthest that was seen: an index of STEPS. */
  readonly seen: number;
  /** Steps where something is wrong. */
  readonly wrong: ReadonlySet<Step>;
  readonly onGo: (step: Step) => void;
}

export function StepList({ current, seen, wrong, onGo }: Props) {
  const t = useT();
  return (
    <nav aria-label={t("newVm.steps")} className="tv-new-vm-steps">
      <ol>
        {STEPS.map((step, at) => {
          const name = t(`newVm.step.${step}`);
          const isWrong = wrong.has(step);
          return (
            <li key={step}>
              <Button
                variant="link"
                isInline
                isDisabled={at > seen}
                aria-current={step === current ? "step" : undefined}
                {...(isWrong && { "aria-label": t("newVm.stepWrong", { step: name }) })}
                icon={isWrong && <ExclamationCircleIcon className="tv-new-vm-wrong" />}
                onClick={() => onGo(step)}
              >
                {at + 1}. {name}
              </Button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
