/**
 * Checks our XML against libvirt's RELAX-NG schemas with xmllint. The schemas stay outside of the
 * project (Debian has them in the package libvirt0): their folder is an argument.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type SchemaCase, schemaCases } from "./schema-cases.ts";

/** Null where the document is valid, else what xmllint says. */
function problem(folder: string, { schema, text }: SchemaCase): string | null {
  const run = spawnSync("xmllint", ["--noout", "--nonet", "--relaxng", join(folder, schema), "-"], {
    input: text,
    encoding: "utf8",
  });
  if (run.error) throw run.error;
  return run.status === 0 ? null : run.stderr.trim();
}

/** Why nothing can be checked, or null. */
function skipped(folder: string): string | null {
  if (spawnSync("xmllint", ["--version"]).error) return "xmllint is missing";
  return existsSync(join(folder, "domain.rng")) ? null : `no schemas in ${folder}`;
}

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error("usage: node dist/conformance/libvirt/schemas.js <folder of libvirt's schemas>");
    return 2;
  }
  const why = skipped(folder);
  if (why !== null) {
    console.log(`skipped: ${why}`);
    return 0;
  }
  // A check that takes everything would be none.
  const control = {
    name: "a wrong one",
    schema: "secret.rng",
    text: "<secret><nothing/></secret>",
  };
  if (problem(folder, control) === null) throw new Error("xmllint takes a wrong document");
  const cases = schemaCases();
  const wrong = cases.flatMap((each): string[] => {
    const said = problem(folder, each);
    return said === null ? [] : [`${each.name} (${each.schema}):\n${said}\n${each.text}`];
  });
  for (const each of wrong) console.log(each);
  console.log(`schemas: ${cases.length - wrong.length} of ${cases.length} documents are valid`);
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
