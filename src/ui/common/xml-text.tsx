/** XML in a text field with line numbers, of which one can be marked as wrong. */
import { useId } from "react";
import "./xml-text.css";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The line that is wrong, from 1; null while none is known. */
  readonly errorLine: number | null;
  /** The id of what says why. */
  readonly describedBy?: string;
}

export function XmlText({ label, value, onChange, errorLine, describedBy }: Props) {
  const id = useId();
  const numbers = value.split("\n").map((_, at) => at + 1);
  return (
    <div className="tv-xml-text">
      <div className="tv-xml-lines" aria-hidden>
        {numbers.map((number) => (
          <span key={number} className={number === errorLine ? "tv-xml-wrong" : undefined}>
            {number}
          </span>
        ))}
      </div>
      <textarea
        id={id}
        aria-label={label}
        aria-invalid={errorLine !== null}
        aria-describedby={describedBy}
        // All lines are there: the page scrolls, and the numbers stay beside them.
        rows={numbers.length}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
