import { accepts, refusesAlone } from "./refusals";

refusesAlone("with a wrong former name", [
  [
    "the name of another account",
    { "accounts.payments.formerName": "sandbox" },
    "accounts.payments.formerName",
    "a name that no other account was deployed with: the stacks of accounts.sandbox have it",
    "the name with which this account was deployed",
  ],
  [
    "the account's own name",
    { "accounts.payments.formerName": "payments" },
    "accounts.payments.formerName",
    "another name",
    "leave formerName out",
  ],
  [
    "a name that no account can have",
    { "accounts.payments.formerName": "Payments" },
    "accounts.payments.formerName",
    "lower-case letters",
    'write "payments"',
  ],
]);

accepts([
  ["a former name", { "accounts.payments.formerName": "pay" }],
  // Two accounts may swap their names.
  [
    "the name of an account that has a former name itself",
    { "accounts.payments.formerName": "sandbox", "accounts.sandbox.formerName": "payments" },
  ],
]);
