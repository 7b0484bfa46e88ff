/** The form of a new device, and its XML. */
import { Alert, Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import { useState } from "react";
import type { ManagedDomain } from "../../../../virt/manager/objects.ts";
import { formatXml } from "../../../../virt/xml/format.ts";
import { useT } from "../../../app/context.tsx";
import { errorText } from "../../../common/error-text.ts";
import { XmlText } from "../../../common/xml-text.tsx";
import { DeviceFields } from "../device-fields.tsx";
import { errorLineOf } from "../../../common/error-line.ts";
import type { NewKind } from "../model/new-device.ts";
import { useChoices } from "../use-capabilities.ts";
import { ImageFields } from "./image-fields.tsx";
import type { Addition } from "./use-addition.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly kind: NewKind;
  readonly addition: Addition;
}

export function NewDeviceForm({ domain, kind, addition }: Props) {
  const t = useT();
  const choices = useChoices(domain);
  const [tab, setTab] = useState<"form" | "xml">(addition.xml === null ? "form" : "xml");
  const { device, values, xml, image, set, refusal } = addition;
  // What was typed as XML the form could not show.
  const isXml = tab === "xml" || xml !== null;
  return (
    <>
      <Tabs
        activeKey={tab}
        aria-label={t("hw.viewsOf", { name: t(`hw.kind.${kind}`) })}
        onSelect={(_, key) => {
          setTab(key as "form" | "xml");
          if (key === "form") set({ xml: null });
        }}
      >
        <Tab
          eventKey="form"
          tabContentId="hw-new-body"
          title={<TabTitleText>{t("hw.formTab")}</TabTitleText>}
        />
        <Tab
          eventKey="xml"
          tabContentId="hw-new-body"
          title={<TabTitleText>{t("hw.xmlTab")}</TabTitleText>}
        />
      </Tabs>
      <div id="hw-new-body" role="tabpanel" aria-label={t(isXml ? "hw.xmlTab" : "hw.formTab")}>
        {isXml ? (
          <XmlText
            label={t("hw.xmlOf", { name: t(`hw.kind.${kind}`) })}
            value={xml ?? formatXml(device)}
            errorLine={refusal && errorLineOf(refusal.message)}
            onChange={(text) => set({ xml: text })}
          />
        ) : (
          <div className="tv-hw-new-fields">
            {kind === "disk" && (
              <ImageFields image={image} onChange={(next) => set({ image: next })} />
            )}
            <DeviceFields
              device={device}
              values={values}
              hasSource={kind !== "disk" || image === null}
              set={(change) => set({ values: { ...values, ...change } })}
              choices={choices}
            />
          </div>
        )}
        {refusal && (
          <Alert
            component="p"
            isInline
            isPlain
            variant="warning"
            variantLabel={t("alert.warning")}
            title={errorText(refusal)}
          />
        )}
      </div>
    </>
  );
}
