/** Views of one object, each with an address of its own. */
import { Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { type ConnectionRoute, hrefOf } from "../shell/route.ts";

interface Props<Item extends string> {
  /** The panel's begins with it. */
  readonly id: string;
  readonly label: string;
  readonly items: readonly (readonly [item: Item, text: string])[];
  readonly shown: Item;
  readonly routeOf: (item: Item) => ConnectionRoute;
  /** Below another row of tabs. */
  readonly isSubtab?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function RoutedTabs<Item extends string>(props: Props<Item>) {
  const { id, label, items, shown, routeOf, isSubtab = false, className, children } = props;
  return (
    <>
      <Tabs
        activeKey={shown}
        isSubtab={isSubtab}
        tabListAriaLabel={label}
        inset={{ default: "insetNone", md: isSubtab ? "insetNone" : "insetMd" }}
      >
        {items.map(([item, text]) => (
          <Tab
            key={item}
            eventKey={item}
            tabContentId={`${id}-panel`}
            href={hrefOf(routeOf(item))}
            title={<TabTitleText>{text}</TabTitleText>}
          />
        ))}
      </Tabs>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-label={items.find(([item]) => item === shown)?.[1]}
        className={className}
      >
        {children}
      </div>
    </>
  );
}
