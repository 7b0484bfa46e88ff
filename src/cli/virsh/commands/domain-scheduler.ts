/** `virsh schedinfo`. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { TypedParam, TypedParams } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import type { TUNING } from "../tables/domain-tuning.ts";
import { domainOf, impactFlags, printParams } from "./domain-common.ts";

type SchedulerCommand = Command<(typeof TUNING)["schedinfo"]>;

/** VIR_TYPED_PARAM_STRING_OKAY, which libvirt adds to what callers give. */
const STRING_OKAY = 4;

export async function schedulerInfo(session: Session, command: SchedulerCommand): Promise<void> {
  const flags = impactFlags(command);
  const isNewer = flags !== 0 || command.has("current");
  const both = command.has("live") && command.has("config");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  let type: string;
  try {
    type = await connect.domainGetSchedulerType(domain);
  } catch (error) {
    if (error instanceof VmError) session.print(`${"Scheduler".padEnd(15)}: Unknown\n`);
    throw error;
  }
  session.print(`${"Scheduler".padEnd(15)}: ${type}\n`);
  const get = (): Promise<TypedParams> =>
    isNewer
      ? connect.domainGetSchedulerParametersFlags(domain, (both ? 0 : flags) | STRING_OKAY)
      : connect.domainGetSchedulerParameters(domain);
  let params = await get();
  const changes = schedulerChanges(command, params);
  if (changes.length > 0) {
    if (isNewer) await connect.domainSetSchedulerParametersFlags(domain, changes, flags);
    else await connect.domainSetSchedulerParameters(domain, changes);
    params = await get();
  } else if (both) throw new CommandError("cannot query both live and config at once");
  printParams(session, params);
}

function schedulerChanges(command: SchedulerCommand, known: TypedParams): readonly TypedParam[] {
  const pairs = command.all("set").map((text): readonly [string, string] => {
    const at = text.indexOf("=");
    if (at < 0) throw new CommandError("Invalid syntax for --set, expecting name=value");
    return [text.slice(0, at), text.slice(at + 1)];
  });
  for (const name of ["cap", "weight"] as const) {
    const value = command.text(name);
    if (value !== undefined) pairs.push([name, value]);
  }
  return pairs.map(([field, text]) => {
    const like = known.find((each) => each.field === field);
    if (!like) throw new CommandError(`invalid scheduler option: ${field}`);
    return valueLike(like, field, text);
  });
}

const TYPE_WORDS = { int: "int", uint: "unsigned int", llong: "llong", ullong: "ullong" } as const;

/** `text` as a value of the type that `like` has. @throws CommandError */
function valueLike(like: TypedParam, field: string, text: string): TypedParam {
  if (like.type === "string") return { field, type: "string", value: text };
  if (like.type === "boolean") return { field, type: "boolean", value: text === "1" };
  if (like.type === "double") return { field, type: "double", value: Number(text) };
  if (!/^-?\d+$/.test(text) || (like.type.startsWith("u") && text.startsWith("-"))) {
    throw new CommandError(
      `invalid argument: Invalid value for field '${field}': expected ${TYPE_WORDS[like.type]}`,
    );
  }
  if (like.type === "int" || like.type === "uint") {
    return { field, type: like.type, value: Number(text) };
  }
  return { field, type: like.type, value: BigInt(text) };
}
