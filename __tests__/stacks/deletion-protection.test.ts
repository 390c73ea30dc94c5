import { exampleWith, synthesize } from "../helpers/synth";
import type { AccountsMap } from "../../accounts/schema";

/** The log groups of sessions of the example map, in another region and with a change. */
const logGroups = (region: string, change: (map: AccountsMap) => void = () => {}) => {
  const partition = region.startsWith("eusc-") ? "aws-eusc" : "aws";
  const map = exampleWith((m) => {
    const text = JSON.stringify(m)
      .replaceAll("arn:aws:", `arn:${partition}:`)
      .replaceAll("eu-central-1", region);
    Object.assign(m, JSON.parse(text));
    delete (m.accounts as Record<string, unknown>)["storefront"];
    (m.accounts["payments"] as { regions: unknown }).regions = [region];
    change(m);
  });
  return [...synthesize(map).values()]
    .filter(({ id }) => id.startsWith("session-payments"))
    .map((stack) => stack.the("aws_cloudwatch_log_group"));
};

it("is on for log groups in a region that needs AWS provider 6", () => {
  expect(logGroups("eusc-de-east-1")).toEqual([
    expect.objectContaining({ deletion_protection_enabled: true, lifecycle: { prevent_destroy: true } }),
  ]);
});

it("is off where the map has protect: false, so that Terraform can destroy the log group", () => {
  const [group] = logGroups("eusc-de-east-1", (map) => (map.accounts["payments"]!.protect = false));
  expect(group).toMatchObject({ deletion_protection_enabled: false });
});

it("is not written for AWS provider 5, which does not know it", () => {
  const [group] = logGroups("eu-central-1");
  expect(group).not.toHaveProperty("deletion_protection_enabled");
});
