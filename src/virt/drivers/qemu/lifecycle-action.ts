/** What happens when a guest powers off, restarts or crashes (`virDomainSetLifecycleAction`). */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import { type Draft, setText } from "../../xml/draft.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { checkFlags, scopeOf } from "../objects/flags.ts";
import { editDefinitions } from "./config-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainSetLifecycleAction">;

/** `virDomainLifecycle`. */
const EVENTS = ["poweroff", "reboot", "crash"] as const;
/** `virDomainLifecycleAction`. */
const ACTIONS = [
  ...["destroy", "restart", "rename-restart", "preserve"],
  ...["coredump-destroy", "coredump-restart"],
];

export function lifecycleActionCalls(state: QemuState): Calls {
  return {
    domainSetLifecycleAction: (ref, type, number, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, Impact.live | Impact.config, "qemuDomainSetLifecycleAction", QEMU.domain);
        const event = EVENTS[type] ?? "poweroff";
        const action = ACTIONS[number] ?? "destroy";
        if (event !== "crash" && action.startsWith("coredump")) {
          const words = `Lifecycle event '${event}' doesn't support '${action}' action`;
          throw vmError("configUnsupported", words);
        }
        const domain = state.domains.get(ref);
        const scope = scopeOf(domain, flags, QEMU.domain);
        if (scope.live) checkActions(domain.definition, event, action);
        if (scope.config) checkActions(definitionFor(domain, true), event, action);
        // A machine is made with its answer to a reboot.
        if (scope.live && event === "reboot" && actionOf(domain.definition, event) !== action) {
          throw vmError(
            "operationUnsupported",
            "cannot update lifecycle action because QEMU was started with incompatible -no-reboot setting",
            QEMU,
          );
        }
        const edit = (draft: Draft): void => setText(ensurePath(draft, `on_${event}`), action);
        await editDefinitions(state, domain, {
          live: scope.live ? edit : null,
          config: scope.config ? edit : null,
        });
      }),
  };
}

type LifecycleEvent = (typeof EVENTS)[number];

function actionOf(definition: XmlElement, event: LifecycleEvent): string {
  return textAt(definition, `on_${event}`) ?? (event === "reboot" ? "restart" : "destroy");
}

/** @throws VmError configUnsupported for what QEMU's driver does not do (qemuValidateLifecycleAction) */
function checkActions(definition: XmlElement, event: LifecycleEvent, action: string): void {
  const refuse = (words: string): never => {
    throw vmError("configUnsupported", words, QEMU);
  };
  const after = (name: LifecycleEvent): string =>
    name === event ? action : actionOf(definition, name);
  if (EVENTS.some((name) => after(name) === "rename-restart")) {
    refuse(
      "qemu driver doesn't support the 'rename-restart' action for 'on_reboot'/'on_poweroff'/'on_crash'",
    );
  }
  if (after("poweroff") === "preserve" || after("reboot") === "preserve") {
    refuse("qemu driver doesn't support the 'preserve' action for 'on_reboot'/'on_poweroff'");
  }
  if (after("poweroff") === "restart" && after("reboot") === "destroy") {
    refuse(
      "qemu driver doesn't support 'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'",
    );
  }
}
