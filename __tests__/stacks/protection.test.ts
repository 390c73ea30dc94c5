import { type Change, dropArchive } from "../helpers/session-stack";
import { exampleWith, synthesize } from "../helpers/synth";

describe("protection", () => {
  const KEPT = ["aws_kms_key", "aws_s3_bucket", "aws_cloudwatch_log_group", "aws_ssm_document"];
  /** But the guard's own log, which goes when the map takes the guard away: it is no record of a session. */
  const kept = (change: Change) =>
    [...synthesize(exampleWith(change)).values()].flatMap((stack) =>
      KEPT.flatMap((type) => Object.entries(stack.all(type)))
        .filter(([id]) => id !== "Guard_Function_Log_73965AC5")
        .map(([, resource]) => resource),
    );

  it("keeps every key, bucket, log group and preferences document from being destroyed", () => {
    const resources = kept((m) => delete m.accounts["sandbox"]!.protect);
    expect(resources.length).toBeGreaterThan(10);
    for (const resource of resources) {
      expect(resource["lifecycle"]).toEqual({ prevent_destroy: true });
      expect(resource["force_destroy"] ?? false).toBe(false);
    }
  });

  it("is off where the map says protect: false", () => {
    const resources = kept((m) => {
      m.protect = false;
      dropArchive(m);
    });
    for (const resource of resources) expect(resource["lifecycle"]).toEqual({ prevent_destroy: false });
  });
});
