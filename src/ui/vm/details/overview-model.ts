/** What applying the overview does: the name, words and tags have calls of their own. */
import { editDomain } from "../../../virt/conf/domain/view.ts";
import { setLabels } from "../../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { nameProblem } from "../../verbs/name-problem.ts";
import { tagsOf } from "../../verbs/tags.ts";
import { type Overview, readOverview, writeOverview } from "./model/overview.ts";
import type { FormCalls, FormModel } from "./use-form.ts";

/** @param others all other domains */
export function overviewModel(others: readonly ManagedDomain[], t: Translate): FormModel<Overview> {
  return {
    read: readOverview,
    edit: (definition, change, values) =>
      editDomain(definition, (draft) => writeOverview(draft, change, values)),
    problem: ({ name, firmware, loader }) => {
      const wrong = nameProblem(name, others);
      if (wrong) return t(`problem.name.${wrong}`);
      return firmware === "rom" && loader.trim() === "" ? t("hw.problem.loader") : null;
    },
    calls: applyNames,
    isInDefinition: ({ firmware, loader }) => firmware !== undefined || loader !== undefined,
  };
}

async function applyNames({ manager, domain, change, values }: FormCalls<Overview>): Promise<void> {
  const { connect } = manager;
  const { name, title, description, group, tags } = change;
  if (name !== undefined) await connect.domainRename(domain.ref, name, 0);
  const labels = [title, description, group, tags];
  if (labels.some((each) => each !== undefined)) {
    await setLabels(connect, domain, {
      title: values.title.trim(),
      description: values.description.trim(),
      group: values.group.trim(),
      tags: tagsOf(values.tags),
    });
  }
  await manager.refreshDomain(domain.uuid);
}
