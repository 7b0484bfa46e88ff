/** The wizard's state: the draft, the step, and what is said of both. */
import { useState } from "react";
import { useApp } from "../app/context.tsx";
import { type Draft, NEW_DRAFT, settle, type Step, STEPS } from "./draft.ts";
import { type Field, problemsOf, type Remark, stepOf, warningsOf } from "./problems.ts";
import type { Said } from "./step-props.ts";
import { useAround } from "./use-around.ts";
import { useWebImage } from "./use-web-image.ts";

export function useWizard() {
  const { t } = useApp();
  const [draft, setDraft] = useState<Draft>(NEW_DRAFT);
  const look = useWebImage(draft.source === "url" ? draft.url : "");
  const loaded = useAround(look.image);
  const { around } = loaded;
  const settled = settle(draft, around);
  const problems = problemsOf(settled, around);
  const warnings = warningsOf(settled, around);
  const steps = useSteps(problems);
  const text = (remarks: readonly Remark[], field: Field): string | undefined =>
    remarks.find((each) => each.field === field)?.say(t);
  const said = (field: Field): Said => ({
    problem: text(
      problems.filter((each) => !each.isMissing || steps.tried.has(stepOf(each))),
      field,
    ),
    warning: text(warnings, field),
  });
  const change = (changes: Partial<Draft>): void =>
    setDraft((before) => ({ ...before, ...changes }));
  return { ...loaded, settled, problems, look, said, change, ...steps };
}

function useSteps(problems: readonly Remark[]) {
  const [step, setStep] = useState<Step>("source");
  const [seen, setSeen] = useState(0);
  /** Steps that somebody wanted to leave. */
  const [tried, setTried] = useState<ReadonlySet<Step>>(new Set());
  /** The field that kept somebody from going on; another object each time. */
  const [fault, setFault] = useState<{ readonly field: Field } | null>(null);
  const at = STEPS.indexOf(step);
  const go = (to: Step): void => {
    setStep(to);
    setSeen(Math.max(seen, STEPS.indexOf(to)));
  };
  /** Whether nothing is wrong up to the step; else goes to where something is. */
  const pass = (until: number): boolean => {
    const passed = STEPS.slice(0, until + 1);
    setTried(new Set([...tried, ...passed]));
    const first = problems.find((each) => passed.includes(stepOf(each)));
    if (first) {
      go(stepOf(first));
      setFault({ field: first.field });
    }
    return first === undefined;
  };
  const next = (): void => {
    const following = STEPS[at + 1];
    if (pass(at) && following) go(following);
  };
  const back = (): void => {
    const before = STEPS[at - 1];
    if (before) go(before);
  };
  const wrong = new Set(problems.map(stepOf).filter((each) => tried.has(each)));
  return { step, at, seen, tried, wrong, fault, go, pass, next, back };
}
