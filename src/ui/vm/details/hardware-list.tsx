/** What the machine is made of, as links; on narrow screens one field to choose from. */
import { Button, FormSelect, FormSelectOption } from "@patternfly/react-core";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import type { Translate } from "../../i18n/catalogue.ts";
import { go, hrefOf, type Route } from "../../shell/route.ts";
import { HardwareIcon } from "./hardware-icon.tsx";
import { deviceDiffers, pageDiffers } from "./model/difference.ts";
import { devicesIn, PAGES } from "./model/hardware.ts";
import { deviceLabel } from "./model/hardware-label.ts";

const AddHardware = lazy(() => import("./add-hardware/add-hardware.tsx"));

interface Props {
  readonly domain: ManagedDomain;
  /** The id of what is shown. */
  readonly shown: string;
}

interface Entry {
  readonly id: string;
  /** The page's or the device's element's name. */
  readonly kind: string;
  readonly label: string;
  /** What runs differs from what is shown. */
  readonly isPending: boolean;
}

export function HardwareList({ domain, shown }: Props) {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const entries = entriesOf(domain, t);
  const routeOf = (item: string): Route => ({
    view: "vm",
    uuid: domain.uuid,
    tab: "details",
    item,
  });
  return (
    <div className="tv-hw-side">
      <FormSelect
        className="tv-hw-select"
        aria-label={t("hw.list")}
        value={shown}
        onChange={(_, item) => go(routeOf(item))}
      >
        {entries.map(({ id, label }) => (
          <FormSelectOption key={id} value={id} label={label} />
        ))}
      </FormSelect>
      <nav className="tv-hw-list" aria-label={t("hw.list")}>
        <ul>
          {entries.map(({ id, kind, label, isPending }) => (
            <li key={id}>
              <a href={hrefOf(routeOf(id))} aria-current={id === shown ? "page" : undefined}>
                <HardwareIcon kind={kind} />
                <span>{label}</span>
                {isPending && <Pending text={t("hw.pending")} />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Button variant="link" icon={<PlusCircleIcon />} onClick={() => setAdding(true)}>
        {t("hw.add")}
      </Button>
      {adding && (
        <Suspense>
          <AddHardware domain={domain} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Pending({ text }: { readonly text: string }): ReactNode {
  return (
    <span className="tv-hw-pending" title={text}>
      <span className="tv-spoken">{text}</span>
    </span>
  );
}

function entriesOf(domain: ManagedDomain, t: Translate): readonly Entry[] {
  const pages = PAGES.map((page) => ({
    id: page,
    kind: page,
    label: t(`hw.page.${page}`),
    isPending: pageDiffers(domain, page),
  }));
  const devices = devicesIn(domain.definition, domain.live).map((device) => ({
    id: device.id,
    kind: device.element.name,
    label: deviceLabel(device, t),
    isPending: device.presence !== "both" || deviceDiffers(domain, device.id),
  }));
  return [...pages, ...devices];
}
