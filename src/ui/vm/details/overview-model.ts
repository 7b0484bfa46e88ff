/** What applying the overview does: a name, words and tags have calls of their own. */
import { editDomain } from "../../../virt/conf/domain/view.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { type Overview, readOverview, writeOverview } from "./model/overview.ts";
import type { FormModel } from "./use-form.ts";

export function overviewModel(t: Translate): FormModel<Overview> {
  return {
    read: readOverview,
    edit: (definition, change, values) =>
      editDomain(definition, (draft) => writeOverview(draft, change, values)),
    problem: ({ firmware, loader }) =>
      firmware === "rom" && loader.trim() === "" ? t("hw.problem.loader") : null,
  };
}
