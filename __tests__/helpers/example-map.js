// Tests, and the programs that they start, use the example and never the map of the operator. An empty value of the
// variable would mean the operator's map, accounts/index.ts.
process.env.SESSION_AUDIT_ACCOUNTS = require.resolve("../fixtures/example-map.ts");
