/** XML to read and to copy. */
import {
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
} from "@patternfly/react-core";
import { useId, useState } from "react";
import { useT } from "../app/context.tsx";

interface Props {
  readonly label: string;
  readonly xml: string;
}

export function XmlView({ label, xml }: Props) {
  const t = useT();
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(xml).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <CodeBlock
      className="tv-xml-view"
      actions={
        <CodeBlockAction>
          <ClipboardCopyButton
            id={`${id}-copy`}
            textId={`${id}-code`}
            aria-label={t("xml.copy")}
            variant="plain"
            onClick={() => void copy()}
            onTooltipHidden={() => setCopied(false)}
          >
            {t(copied ? "console.copied" : "xml.copy")}
          </ClipboardCopyButton>
        </CodeBlockAction>
      }
    >
      {/* Lines are longer than a narrow window: the keyboard scrolls them, too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section aria-label={label} tabIndex={0} className="tv-xml-scroll">
        <CodeBlockCode id={`${id}-code`}>{xml}</CodeBlockCode>
      </section>
    </CodeBlock>
  );
}
