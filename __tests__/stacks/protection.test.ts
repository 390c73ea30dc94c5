import { type Change, dropArchive } from "../helpers/session-stack";
import { exampleWith, synthesize } from "../helpers/synth";

describe("protection", () => {
  const KEPT = ["aws_kms_key", "aws_s3_bucket", "aws_cloudwatch_log_group", "aws_ssm_document"];
  /** The guard's own log group is destroyed when the map switches the guard off: it is no record of a session. */
  const kept = (change: Change) =>
    [...synthesize(exampleWith(change)).values()].flatMap((stack) =>
      KEPT.flatMap((type) => Object.entries(stack.all(type)))
        .filter(([id]) => id !== "Guard_Function_Log_73965AC5")
        .map(([, resource]) => resource),
    );

  it("prevents the destruction of every key, bucket, log group and preferences document", () => {
    const resources = kept((m) => delete m.accounts["sandbox"]!.protect);
    expect(resources.length).toBeGreaterThan(10);
    for (const resource of resources) {
      expect(resource["lifecycle"]).toEqual({ prevent_destroy: true });
      expect(resource["force_destroy"] ?? false).toBe(false);
    }
  });

  it("is off if the map has protect: false", () => {
    const resources = kept((m) => {
      m.protect = false;
      dropArchive(m);
    });
    for (const resource of resources) expect(resource["lifecycle"]).toEqual({ prevent_destroy: false });
  });
});
