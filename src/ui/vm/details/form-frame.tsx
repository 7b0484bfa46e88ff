/** A form with what is wrong with it, Apply and Revert. */
import { ActionGroup, Alert, Button, Form as PfForm } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { useT } from "../../app/context.tsx";
import type { Values } from "./model/fields.ts";
import type { Form } from "./use-form.ts";

interface Props<V extends Values> {
  readonly form: Form<V>;
  readonly children: ReactNode;
  /** What else can be done with what is shown: its removal. */
  readonly actions?: ReactNode;
  /** Labels stand above fields that want the whole width. */
  readonly isWide?: boolean;
}

export function FormFrame<V extends Values>({ form, children, actions, isWide = false }: Props<V>) {
  const t = useT();
  // libvirt has the last word; what is no value at all it need not be asked about.
  const isDisabled = !form.isDirty || form.isBusy || (form.problem !== null && !form.refusal);
  return (
    <PfForm
      isHorizontal={!isWide}
      className="tv-hw-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isDisabled) void form.apply();
      }}
    >
      {children}
      <div className="tv-hw-actions">
        <Messages form={form} />
        <ActionGroup>
          <Button
            type="submit"
            isDisabled={isDisabled}
            isLoading={form.isBusy}
            spinnerAriaLabel={t("app.loading")}
          >
            {t("hw.apply")}
          </Button>
          <Button
            variant="secondary"
            isDisabled={!form.isDirty || form.isBusy}
            onClick={form.revert}
          >
            {t("hw.revert")}
          </Button>
          {actions}
        </ActionGroup>
      </div>
    </PfForm>
  );
}

function Messages<V extends Values>({ form }: { readonly form: Form<V> }) {
  const t = useT();
  const { problem, error, liveRefusal } = form;
  return (
    <div aria-live="polite" className="tv-hw-messages">
      {problem !== null && problem !== error && (
        <Alert
          component="p"
          isInline
          isPlain
          variant="warning"
          variantLabel={t("alert.warning")}
          title={problem}
        />
      )}
      {error !== null && (
        <Alert
          component="p"
          isInline
          variant="danger"
          variantLabel={t("alert.danger")}
          title={t("hw.applyFailed")}
        >
          {error}
        </Alert>
      )}
      {liveRefusal !== null && (
        <Alert
          component="p"
          isInline
          variant="info"
          variantLabel={t("alert.info")}
          title={t("hw.nextStart")}
        >
          {liveRefusal}
        </Alert>
      )}
    </div>
  );
}
