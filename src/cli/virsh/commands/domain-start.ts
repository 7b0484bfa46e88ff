/** `create` and `start`. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { DomainCreateFlags as Create } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import type { Session } from "../shell/session.ts";
import type { LIFECYCLE } from "../tables/domain-lifecycle.ts";
import { flagBits, readText } from "./common.ts";
import { openConsole } from "./domain-common.ts";
import { findDomain } from "./lookup.ts";
import { passedFiles } from "./passed-files.ts";

type Spec<Name extends keyof typeof LIFECYCLE> = (typeof LIFECYCLE)[Name];

const NO_FORCE = { force: false, safe: false } as const;

export async function createDomain(
  session: Session,
  command: Command<Spec<"create">>,
): Promise<void> {
  const file = command.required("file");
  const xml = await readText(session, file);
  const files = passedFiles(command);
  const flags = flagBits(command, {
    paused: Create.startPaused,
    autodestroy: Create.startAutodestroy,
    validate: Create.startValidate,
    "reset-nvram": Create.startResetNvram,
  });
  const connect = await session.connect();
  const domain = await session.attempt(`Failed to create domain from ${file}`, () =>
    files.length > 0
      ? connect.domainCreateXMLWithFiles(xml, files, flags)
      : connect.domainCreateXML(xml, flags),
  );
  session.printExtra(`Domain '${domain.name}' created from ${file}\n`);
  if (command.has("console")) await openConsole(session, domain, null, NO_FORCE);
}

export async function startDomain(
  session: Session,
  command: Command<Spec<"start">>,
): Promise<void> {
  const domain = await findDomain(session, command.required("domain"), ["uuid", "name"]);
  if (domain.id > 0) return session.fail("Domain is already active");
  const files = passedFiles(command);
  const flags = flagBits(command, {
    paused: Create.startPaused,
    autodestroy: Create.startAutodestroy,
    "bypass-cache": Create.startBypassCache,
    "force-boot": Create.startForceBoot,
    "reset-nvram": Create.startResetNvram,
  });
  const connect = await session.connect();
  const start = (with_: number): Promise<DomainRef> =>
    files.length > 0
      ? connect.domainCreateWithFiles(domain, files, with_)
      : connect.domainCreateWithFlags(domain, with_);
  const started =
    (command.has("force-boot") ? await startForced(session, domain, () => start(flags)) : null) ??
    (await session.attempt(`Failed to start domain '${domain.name}'`, () =>
      start(flags & ~Create.startForceBoot),
    ));
  session.printExtra(`Domain '${started.name}' started\n`);
  if (command.has("console")) await openConsole(session, started, null, NO_FORCE);
}

/** Null where the driver does not know the flag: the saved image that is not to be used is gone then. */
async function startForced(
  session: Session,
  domain: DomainRef,
  start: () => Promise<DomainRef>,
): Promise<DomainRef | null> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    const { noSupport, invalidArg } = ErrorCode;
    if (error.code !== noSupport && error.code !== invalidArg) throw error;
  }
  const connect = await session.connect();
  let hasImage = false;
  try {
    hasImage = await connect.domainHasManagedSaveImage(domain, 0);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
  }
  if (hasImage) await connect.domainManagedSaveRemove(domain, 0);
  return null;
}
