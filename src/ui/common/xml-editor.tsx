/** A definition as text: it is checked as one types, and given to libvirt with Apply. */
import { Alert, Button } from "@patternfly/react-core";
import { useId, useState } from "react";
import { parseXml } from "../../virt/xml/parse.ts";
import { useT } from "../app/context.tsx";
import { errorLineOf } from "./error-line.ts";
import { errorText } from "./error-text.ts";
import { XmlText } from "./xml-text.tsx";

interface Props {
  /** Names the text field. */
  readonly label: string;
  /** What libvirt has now. */
  readonly xml: string;
  /** What libvirt calls such text in errors: `storage_pool_definition`. */
  readonly what: string;
  /** The root element's name: `pool`. */
  readonly root: string;
  /** @throws what libvirt says against it; it is shown here */
  readonly onApply: (xml: string) => Promise<void>;
}

export function XmlEditor({ label, xml, what, root, onApply }: Props) {
  const t = useT();
  const noteId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const text = draft ?? xml;
  const isChanged = text !== xml;
  const problem = isChanged ? (xmlProblem(text, what, root) ?? refusal) : null;
  const discard = () => {
    setDraft(null);
    setRefusal(null);
  };
  const apply = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await onApply(text);
      setDraft(null);
    } catch (error) {
      setRefusal(errorText(error));
    }
    setBusy(false);
  };
  return (
    <div className="tv-xml">
      <XmlText
        label={label}
        value={text}
        errorLine={problem === null ? null : errorLineOf(problem)}
        describedBy={noteId}
        onChange={(value) => {
          setDraft(value);
          setRefusal(null);
        }}
      />
      {problem !== null && (
        <Alert
          id={noteId}
          variant="danger"
          variantLabel={t("alert.danger")}
          isInline
          isPlain
          isLiveRegion
          component="p"
          title={problem}
        />
      )}
      <div className="tv-toolbar">
        <Button isDisabled={!isChanged || busy} isLoading={busy} onClick={() => void apply()}>
          {t("xml.apply")}
        </Button>
        <Button variant="link" isDisabled={!isChanged || busy} onClick={discard}>
          {t("xml.discard")}
        </Button>
      </div>
    </div>
  );
}

/** What keeps the text from being a definition at all, in libvirt's words. */
function xmlProblem(text: string, what: string, root: string): string | null {
  try {
    parseXml(text, what, root);
    return null;
  } catch (error) {
    return errorText(error);
  }
}
