import { nameLogGroup, sessionStack } from "../../helpers/session-stack";

describe("the log group", () => {
  it("keeps logs as long as the map says, in the class that it says", () => {
    const stack = sessionStack((m) => (m.logs = { class: "INFREQUENT_ACCESS" }));
    expect(stack.the("aws_cloudwatch_log_group")).toMatchObject({
      name: "/session-audit/acme/sessions",
      retention_in_days: 731,
      log_group_class: "INFREQUENT_ACCESS",
    });
  });

  it("is not created where one exists, or where none is wanted", () => {
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
