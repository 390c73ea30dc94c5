// On Node.js 20 the AWS SDK prints a warning that it will require a newer version, once for each test file.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
