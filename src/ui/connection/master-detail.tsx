/** A list of objects beside the one that is shown; where it is narrow, one of the two. */
import { Button, EmptyState, EmptyStateBody } from "@patternfly/react-core";
import AngleLeftIcon from "@patternfly/react-icons/dist/esm/icons/angle-left-icon";
import { type ComponentType, type ReactNode, useRef } from "react";
import { useFocusAfterLoss } from "../common/use-focus-after-loss.ts";
import { type ConnectionTab, hrefOf } from "../shell/route.ts";

interface Item {
  readonly uuid: string;
  readonly name: string;
  /** Below the name. */
  readonly note: ReactNode;
}

interface Props {
  readonly tab: ConnectionTab;
  readonly title: string;
  readonly items: readonly Item[];
  /** What the address names. */
  readonly uuid: string | undefined;
  /** What is shown: the one that the address names, else the first. */
  readonly shown: string | undefined;
  readonly tools: ReactNode;
  readonly backLabel: string;
  readonly children: ReactNode;
}

export function MasterDetail(props: Props) {
  const { tab, title, items, uuid, shown, tools, backLabel, children } = props;
  const list = useRef<HTMLElement>(null);
  useFocusAfterLoss(list, items.length);
  return (
    <div className="tv-master-detail" data-chosen={uuid !== undefined}>
      <section ref={list} tabIndex={-1} className="tv-master" aria-label={title}>
        <nav aria-label={title}>
          <ul className="tv-objects">
            {items.map((item) => (
              <li key={item.uuid}>
                <a
                  className="tv-object"
                  href={hrefOf({ view: "connection", tab, uuid: item.uuid })}
                  {...(item.uuid === shown && { "aria-current": "page" })}
                >
                  <span className="tv-object-name">{item.name}</span>
                  {item.note}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="tv-toolbar">{tools}</div>
      </section>
      <div className="tv-detail">
        <Button
          className="tv-back"
          component="a"
          href={hrefOf({ view: "connection", tab })}
          variant="link"
          isInline
          icon={<AngleLeftIcon />}
        >
          {backLabel}
        </Button>
        {children}
      </div>
    </div>
  );
}

interface NothingProps {
  readonly title: string;
  readonly hint: string;
  readonly icon: ComponentType;
}

export function Nothing({ title, hint, icon }: NothingProps) {
  return (
    <EmptyState titleText={title} icon={icon} headingLevel="h2">
      <EmptyStateBody>{hint}</EmptyStateBody>
    </EmptyState>
  );
}
