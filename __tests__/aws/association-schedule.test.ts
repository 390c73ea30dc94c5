import { isAssociationSchedule } from "../../aws/association-schedule";

/** The examples of AWS's reference for associations, and what is like them. */
it.each([
  ...["rate(30 minutes)", "rate(1 hour)", "rate(5 hours)", "rate(1 day)", "rate(15 days)", "rate(30 days)"],
  ...["rate(44639 minutes)", "rate(743 hours)"],
  ...["cron(0/30 * * * ? *)", "cron(*/30 * ? * * *)", "cron(0 0/1 * * ? *)", "cron(0 0/12 * * ? *)"],
  ...["cron(0 */4 ? * * *)", "cron(15 * * * ? *)"],
  ...["cron(15 13 ? * * *)", "cron(15 13 ? * MON *)", "cron(0 3 ? * MON-FRI *)", "cron(0 3 ? * 1,7 *)"],
  ...["cron(0 0 ? * THU#2 *)", "cron(30 23 ? * 6L *)", "cron(0 2 L * ? *)", "cron(59 23 31 * ? *)"],
  ...["cron(0 15 13 ? * MON *)", "cron(0 */30 * * * ? *)"],
])("State Manager takes %s", (expression) => expect(isAssociationSchedule(expression)).toBe(true));

it.each([
  ["less than half an hour", "rate(29 minutes)"],
  ["31 days", "rate(31 days)"],
  ["31 days in hours", "rate(744 hours)"],
  ["a plural of one", "rate(1 days)"],
  ["a singular of two", "rate(2 day)"],
  ["weeks", "rate(2 weeks)"],
  ["nothing", "rate(0 days)"],
  ["no unit", "rate(14)"],
  ["two spaces", "rate(14  days)"],
  ["a cron expression of Unix", "cron(0 3 * * 0)"],
  ["seconds that are not 0", "cron(5 0 3 ? * SUN *)"],
  ["eight fields", "cron(0 0 0 3 ? * SUN *)"],
  ["a month", "cron(0 3 1 JAN ? *)"],
  ["a year", "cron(0 3 1 * ? 2027)"],
  ["each quarter of an hour", "cron(0/15 * * * ? *)"],
  ["each half hour of one hour", "cron(0/30 3 * * ? *)"],
  ["each three hours", "cron(0 0/3 * * ? *)"],
  ["each hour of one day", "cron(0 * ? * SUN *)"],
  ["two hours of a day", "cron(0 3,15 ? * * *)"],
  ["both days", "cron(0 3 1 * SUN *)"],
  ["neither day", "cron(0 3 ? * ? *)"],
  ["hour 24", "cron(0 24 ? * * *)"],
  ["minute 60", "cron(60 3 ? * * *)"],
  ["day 32", "cron(0 3 32 * ? *)"],
  ["day 0 of the week", "cron(0 3 ? * 0 *)"],
  ["a sixth Sunday", "cron(0 3 ? * SUN#6 *)"],
  ["once", "at(2026-12-24T18:00:00)"],
  ["no brackets", "rate 14 days"],
  ["more behind it", "rate(14 days) "],
])("State Manager does not take %s: %s", (_, expression) =>
  expect(isAssociationSchedule(expression)).toBe(false),
);
