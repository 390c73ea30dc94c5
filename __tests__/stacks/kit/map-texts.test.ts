import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { mapSchema, type AccountsMap } from "../../../accounts/schema";
import { MapError } from "../../../accounts/reading/problems";
import { checkMap } from "../../../stacks/read-organization";
import { PIPELINE } from "../../helpers/example";
import { synthesize } from "../../helpers/synth";

/** What Terraform would evaluate: an expression and a directive. */
const PROBE = "${1+1}%{x}";

const EXAMPLE = resolve(__dirname, "..", "..", "..", "docs", "examples", "complete.yaml");

/** The complete example, with the texts that it leaves out. */
function fullMap(): AccountsMap {
  const map = parse(readFileSync(EXAMPLE, "utf8")) as AccountsMap;
  const subscription = {
    destinationArn: "arn:aws:logs:{region}:999999999999:destination:siem",
    filterPattern: '"sudo"',
  };
  map.accounts["payments"]!.logs = { ...map.accounts["payments"]!.logs, subscription };
  map.accounts["sandbox"]!.notifications = {
    ...map.accounts["sandbox"]!.notifications,
    activity: { subscribers: [{ protocol: "https", endpoint: "https://siem.example.com/x?k=1" }] },
  };
  map.tags = { ...map.tags, owner: "security" };
  map.pipeline = PIPELINE;
  return map;
}

type Path = readonly (string | number)[];

/** The paths of all texts of a value. */
const textsIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    textsIn(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

/** A copy of a map with another text at a path. */
function withText(map: AccountsMap, path: Path, text: string): AccountsMap {
  const copy = structuredClone(map);
  (at(copy, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1)!] = text;
  return copy;
}

function isAccepted(map: AccountsMap): boolean {
  if (!mapSchema.safeParse(map).success) return false;
  try {
    checkMap(map, "map");
    return true;
  } catch (error) {
    if (error instanceof MapError) return false;
    throw error;
  }
}

/** The map with the probe in every text that may have it, and the paths of these texts. */
function probed(map: AccountsMap): { map: AccountsMap; paths: string[] } {
  const paths: string[] = [];
  let made = map;
  for (const path of textsIn(map)) {
    const text = at(map, path) as string;
    const accepted = [`${text}${PROBE}`, `${PROBE}${text}`, text.replace(/(?=.$)/, PROBE), PROBE]
      .map((one) => withText(made, path, one))
      .find(isAccepted);
    if (accepted === undefined) continue;
    made = accepted;
    paths.push(path.join("."));
  }
  return { map: made, paths };
}

/** The texts of a stack that Terraform evaluates. It skips what is below the key `//`. */
const evaluated = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (key === "//" ? [] : [key, ...evaluated(one)]));
};

/** Whether Terraform would evaluate a part of the probe. */
const isRaw = (text: string) => /(?<!\$)\$\{1\+1\}|(?<!%)%\{x\}/.test(text);

describe("a text of the map in which Terraform would evaluate something", () => {
  const { map, paths } = probed(fullMap());
  const texts = [...synthesize(map).values()].flatMap(({ json }) => evaluated(json));

  it("is accepted in places such as the endpoint of a subscriber and a filter pattern", () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        "accounts.sandbox.notifications.activity.subscribers.0.endpoint",
        "accounts.payments.logs.subscription.filterPattern",
      ]),
    );
  });

  it("is in the stacks", () => {
    expect(texts.filter((text) => text.includes("1+1")).length).toBeGreaterThan(1);
  });

  it("is escaped wherever a stack has it", () => {
    expect(texts.filter(isRaw)).toEqual([]);
  });
});
