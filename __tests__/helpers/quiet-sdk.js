// The SDK's advice to move to Node 22 would stand once in the output of every suite.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
