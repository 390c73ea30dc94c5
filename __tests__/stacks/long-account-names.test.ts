import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { ACCOUNT_NAME_LIMIT } from "../../aws/quotas";
import { oneProblem, problemsOf } from "../accounts/rules/problems-of";
import { synthesize } from "../helpers/synth";

// The name of an account may be as long as AWS allows, because no resource is named after it. The example switches nearly
// everything on; a replica that the account owns and endpoints that it shares are added to it.
const COMPLETE = parse(
  readFileSync(join(__dirname, "..", "..", "docs", "examples", "complete.yaml"), "utf8"),
) as AccountsMap;
const LONG = "payments-of-all-customers-in-the-european-union-01";
const LONG_ARCHIVE = LONG.replace("payments", "archives");

/** The map with other names for the account that has sessions and for the archive. */
function named(payments: string, archive: string): AccountsMap {
  const map = structuredClone(COMPLETE);
  const { payments: account, "log-archive": log, ...others } = map.accounts;
  return {
    ...map,
    archive: { account: archive },
    transcripts: { ...map.transcripts, replication: { account: payments, region: "eu-west-1" } },
    accounts: { ...others, [archive]: log!, [payments]: account! },
  };
}

/** What Terraform ignores: cdktf's comments, which contain the stack's id, and what AWS shows to people only. */
const WITHOUT_EFFECT = ["//", "description"];

const resourcesOf = (map: AccountsMap) =>
  [...synthesize(map).values()].map(({ json: { resource, output, provider, import: imports } }) =>
    JSON.stringify({ resource, output, provider, imports }, (key, value: unknown) =>
      WITHOUT_EFFECT.includes(key) ? undefined : value,
    ),
  );

const SHORT = synthesize(named("payments", "log-archive"));
const STACKS = synthesize(named(LONG, LONG_ARCHIVE));

describe(`an account with a name of ${ACCOUNT_NAME_LIMIT} characters`, () => {
  it("has a valid map", () => {
    expect([LONG.length, LONG_ARCHIVE.length]).toEqual([ACCOUNT_NAME_LIMIT, ACCOUNT_NAME_LIMIT]);
    expect(problemsOf(named(LONG, LONG_ARCHIVE))).toEqual([]);
  });

  it("has the resources of an account with a short name, byte for byte, descriptions aside", () => {
    const short = resourcesOf(named("payments", "log-archive"));
    const differing = resourcesOf(named(LONG, LONG_ARCHIVE)).filter((stack) => !short.includes(stack));
    expect(differing.map((stack) => stack.slice(0, 200))).toEqual([]);
  });

  it("has its name in descriptions, in no more characters than AWS accepts there", () => {
    const descriptions = [...STACKS.values()].flatMap(({ json }) =>
      [...JSON.stringify(json.resource ?? {}).matchAll(/"description":"([^"]*)"/g)].map(([, text]) => text!),
    );
    const own = descriptions.filter((text) => text.includes(LONG));
    expect(own.length).toBeGreaterThan(0);
    // Descriptions of KMS keys: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    for (const text of own) expect(text.length).toBeLessThan(8192);
  });

  it("has its name in the ids of its stacks and the keys of their states, and nowhere else", () => {
    const ids = [...STACKS.keys()].filter((id) => id.includes(LONG));
    expect(ids.map((id) => id.replace(LONG, "payments")).sort()).toEqual(
      [...SHORT.keys()].filter((id) => id.includes("payments")).sort(),
    );
    expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(80);
    for (const id of ids) {
      const { key } = STACKS.get(id)!.json.terraform.backend["s3"]!;
      expect(key).toBe(`session-audit/${id}.tfstate`);
    }
  });
});

it.each(["accounts", "formerName"])("a name of 51 characters is refused: %s", (where) => {
  const name = `${LONG}y`;
  const map = named(where === "accounts" ? name : "payments", "log-archive");
  if (where === "formerName") map.accounts["payments"]!.formerName = name;
  const path = where === "accounts" ? `accounts["${name}"]` : "accounts.payments.formerName";
  expect(problemsOf(map).filter((problem) => problem.path === path)).toEqual(
    oneProblem(path, "1 to 50 lower-case letters", "it has 51 characters, and 50 are allowed"),
  );
});
