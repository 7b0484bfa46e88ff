/** The definition, running or stored, that a call's flags are about. */
import { editDomain } from "../../conf/domain/view.ts";
import type { Draft } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { oneScopeOf } from "../objects/flags.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { TEST } from "./state.ts";

/** Changes the definitions that `flags` choose. */
export function change(domain: DomainObject, flags: number, edit: (draft: Draft) => void): void {
  const scope = oneScopeOf(domain, flags & 3, TEST.domain);
  for (const which of ["live", "config"] as const) {
    const definition = domain[which];
    if (scope[which] && definition) domain[which] = editDomain(definition, edit);
  }
}

/** The definition that `flags` ask for. */
export function chosen(domain: DomainObject, flags: number): XmlElement {
  const scope = oneScopeOf(domain, flags & 3, TEST.domain);
  return definitionFor(domain, scope.config);
}
