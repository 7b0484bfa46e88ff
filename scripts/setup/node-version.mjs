// Imports nothing and uses old syntax only: it has to load under the Node that it refuses.
const NEEDED_MAJOR = 20;
const NEEDED_MINOR = 19;

/** True when this Node runs the project; otherwise says in one sentence what is needed. */
export function nodeIsRecent() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NEEDED_MAJOR || (major === NEEDED_MAJOR && minor >= NEEDED_MINOR)) return true;
  console.error(
    `tabvisor: Node ${process.versions.node} is too old: ${NEEDED_MAJOR}.${NEEDED_MINOR} or later is needed.`,
  );
  process.exitCode = 1;
  return false;
}
