/** `<controller>`: their order, and making the ones that are missing. */
import { childrenOf, type Draft, draft } from "../../xml/draft.ts";

export function controllersOf(devices: Draft, type?: string): Draft[] {
  const all = childrenOf(devices, "controller");
  return type === undefined ? all : all.filter((each) => each.attributes.get("type") === type);
}

export function controllerIndex(controller: Draft): number {
  return Number(controller.attributes.get("index") ?? 0);
}

export function findController(devices: Draft, type: string, index: number): Draft | undefined {
  return controllersOf(devices, type).find((each) => controllerIndex(each) === index);
}

/** Puts a controller among those of its type, by index (virDomainControllerInsert). */
function insertController(devices: Draft, controller: Draft): void {
  const type = controller.attributes.get("type") ?? "";
  const same = controllersOf(devices, type);
  const after = same.find((each) => controllerIndex(each) > controllerIndex(controller));
  const last = same.at(-1);
  if (after) devices.children.splice(devices.children.indexOf(after), 0, controller);
  else if (last) devices.children.splice(devices.children.indexOf(last) + 1, 0, controller);
  else devices.children.push(controller);
}

/** Brings controllers into libvirt's order: types as they come, each by index. */
export function sortControllers(devices: Draft): void {
  const all = controllersOf(devices);
  devices.children = devices.children.filter(
    (each) => each.kind !== "element" || each.name !== "controller",
  );
  for (const controller of all) insertController(devices, controller);
}

/** The controller of that type and index; made behind all others where there is none. */
export function ensureController(
  devices: Draft,
  type: string,
  index: number,
  model?: string,
): Draft {
  const old = findController(devices, type, index);
  if (old) return old;
  const made = draft("controller", { type, index, model });
  devices.children.push(made);
  return made;
}
