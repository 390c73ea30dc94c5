import { nameLogGroup, sessionStack } from "../../helpers/session-stack";

describe("the log group", () => {
  it("has the retention and the class from the map", () => {
    const stack = sessionStack((m) => (m.logs = { class: "INFREQUENT_ACCESS" }));
    expect(stack.the("aws_cloudwatch_log_group")).toMatchObject({
      name: "/session-audit/acme/sessions",
      retention_in_days: 731,
      log_group_class: "INFREQUENT_ACCESS",
    });
  });

  it("is kept forever if the map says so, which the provider writes as 0", () => {
    const stack = sessionStack((m) => {
      m.accounts["payments"]!.regions = ["us-east-1"];
      m.accounts["payments"]!.homeRegion = "us-east-1";
      m.logs = { retentionDays: null };
    });
    expect(stack.the("aws_cloudwatch_log_group")["retention_in_days"]).toBe(0);
  });

  it("is not created if the map names an existing one, or none", () => {
    const existing = sessionStack(nameLogGroup);
    expect(existing.all("aws_cloudwatch_log_group")).toEqual({});
    const none = sessionStack((m) => {
      nameLogGroup(m);
      m.accounts["payments"]!.logs = { group: "none", streaming: false };
      m.preferences = { enforce: { cloudWatch: false } };
    });
    expect(none.all("aws_cloudwatch_log_group")).toEqual({});
  });
});
