// Tests, and the programs that they start, use the example map and never the operator's map. An empty variable would
// mean the operator's map, accounts/index.ts.
process.env.SESSION_AUDIT_ACCOUNTS = require.resolve("../fixtures/example-map.ts");
