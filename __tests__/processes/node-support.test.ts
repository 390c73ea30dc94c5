import { emitWarningIfUnsupportedVersion } from "@aws-sdk/core/client";
import { nodeSupportNotice, replaceSdkWarning } from "../../processes/node-support";

it("names the same versions as the warning of the AWS SDK", () => {
  const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  jest.replaceProperty(process, "env", {});
  try {
    emitWarningIfUnsupportedVersion("v20.12.0");
    const warning = String(warn.mock.calls[0]?.[0]);
    const [, when, needed] = /published after (.*)\s+will require node >=(\d+)/.exec(warning)!;
    expect(nodeSupportNotice("v20.12.0")).toContain(`after ${when} need Node.js ${needed}.`);
    expect(nodeSupportNotice(`v${needed}.0.0`)).toBeUndefined();
    expect(nodeSupportNotice(`v${Number(needed) - 1}.9.9`)).toBeDefined();
  } finally {
    jest.restoreAllMocks();
  }
});

it("keeps the AWS SDK from printing its own warning", () => {
  const env: NodeJS.ProcessEnv = {};
  replaceSdkWarning(env);
  expect(env).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
});
