/** Catches what a part of the page throws, a chunk that cannot be loaded above all. */
import { Alert } from "@patternfly/react-core";
import { errorText } from "./error-text.ts";
import { Component, type ReactNode } from "react";

interface Props {
  readonly message: string;
  /** For screen readers, before the message. */
  readonly kind: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

export class LoadBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert
        variant="danger"
        variantLabel={this.props.kind}
        isInline
        title={this.props.message}
        className="tv-inset"
      >
        {errorText(error)}
      </Alert>
    );
  }
}
