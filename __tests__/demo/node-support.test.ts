import { emitWarningIfUnsupportedVersion } from "@aws-sdk/core/client";
import { nodeSupportNotice, replaceSdkWarning } from "../../demo/node-support";

it("says what the AWS SDK would say itself", () => {
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

it("keeps the AWS SDK from saying it as well", () => {
  const env: NodeJS.ProcessEnv = {};
  replaceSdkWarning(env);
  expect(env).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
});
