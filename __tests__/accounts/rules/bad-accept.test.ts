import { refuses } from "./refusals";

const GOOD = { warning: "lock-of-days", because: "This is a playground.", until: "2027-01-31" };

refuses("with a wrong acceptance of a warning", [
  [
    "an unknown warning",
    { accept: [{ ...GOOD, warning: "lock-of-day" }] },
    "accept[0].warning",
    "lock-of-days",
    'did you mean "lock-of-days"?',
  ],
  ["no reason", { accept: [{ ...GOOD, because: undefined }] }, "accept[0].because", "a reason", "say why"],
  [
    "a reason of a word",
    { accept: [{ ...GOOD, because: "ok" }] },
    "accept[0].because",
    "10 to 500",
    "say why",
  ],
  [
    "a day that no month has",
    { accept: [{ ...GOOD, until: "2027-02-30" }] },
    "accept[0].until",
    "YYYY-MM-DD",
    "write a day that the calendar has",
  ],
  [
    "a day in another notation",
    { accept: [{ ...GOOD, until: "31.01.2027" }] },
    "accept[0].until",
    "YYYY-MM-DD",
    'write "2027-01-31"',
  ],
  [
    "a date in place of text",
    { accept: [{ ...GOOD, until: 20270131 }] },
    "accept[0].until",
    "YYYY-MM-DD",
    "2027-03-31",
  ],
]);
