import { renderPath } from "../../../accounts/reading/problems";
import { mapWith, type Changes } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";
import { GUARDRAILS } from "../../stacks/policies/guardrails/helpers";

/** A wrong value, where it is in the map, and the whole remedy for it. */
export type WrongValue = readonly [path: string, value: unknown, remedy: string];

/**
 * Tests that each wrong value is the one problem of a map that is good without it, with the remedy that an expert would
 * give who looks at the value.
 */
export function remedies(part: string, values: readonly WrongValue[]): void {
  describe(`the remedy for a wrong value of ${part}`, () => {
    it.each(values)("of %s: %j", (path, value, remedy) => {
      const [section] = path.split(".");
      const base: Changes = section === "guardrails" ? { guardrails: structuredClone(GUARDRAILS) } : {};
      const problems = problemsOf(mapWith({ ...base, [path]: value }));
      expect(problems.map((problem) => problem.remedy)).toEqual([remedy]);
      expect(problems[0]!.path.startsWith(renderPath(path.split(".")))).toBe(true);
    });
  });
}

/** A state in S3. */
export const S3 = {
  backend: "s3",
  bucket: "acme-state",
  region: "eu-central-1",
  keyPrefix: "session-audit",
} as const;

/** The regions of an account with a VPC, with a change to the VPC. */
export const vpc = (change: object) => ({
  "eu-central-1": {
    network: [
      {
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0"],
        clientCidrs: ["10.0.0.0/16"],
        except: ["s3"],
        ...change,
      },
    ],
  },
});
