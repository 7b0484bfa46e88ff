import { expect, it } from "vitest";
import { parseCases } from "./c-cases.ts";

const SOURCE = `
#include <config.h>
# define NAME "a"
# define LINES "b\\n\\
 c"
# define VIRSH_DEFAULT dir "/virsh", \\
    "--connect", \\
    "test:///default"
# define VIRSH_CUSTOM dir "/virsh", "-c", custom_uri
static const char *known = "\\
Id: 1\\n\\
Name: " NAME LINES "\\n";
/* a "comment" */
static int testOne(const void *data)
{
    const char *const argv[] = { VIRSH_CUSTOM, "one\\
 " NAME, NULL };
    const char *exp = known;
    return testCompareOutputLit(exp, "\\nTime:", argv);
}
static int mymain(void)
{
    if (virTestRun("first", testOne, NULL) != 0)
        ret = -1;
# define DO_TEST(i, result, ...) \\
    do { use(result); } while (0)
    DO_TEST(17, "x\\ty\\n",
            "echo", "\\"a,b\\"");
}
`;

it("finds the words and what is expected", () => {
  expect(parseCases(SOURCE, "test:///n.xml")).toEqual([
    {
      title: "first",
      args: ["-c", "test:///n.xml", "one a"],
      expected: "Id: 1\nName: ab\n c\n",
      without: "\nTime:",
    },
    {
      title: "virsh echo 17",
      args: ["--connect", "test:///default", "echo", '"a,b"'],
      expected: "x\ty\n",
    },
  ]);
});
