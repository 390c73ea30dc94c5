import { jsonPattern } from "../../../emulator/patterns/json-pattern";

it.each([
  ['{ $.message.event = "Done" }', '{"message":{"event":"Done"}}', true],
  ['{ $.message.event = "Done" }', '{"message":{"event":"Other"}}', false],
  ['{ $.message.event = "Done" }', '{"message":"Done"}', false],
  ['{ $.message.event = "Done" }', "Done", false],
  ['{ ($.event = "A") || ($.event = "B") }', '{"event":"B"}', true],
  ['{ ($.event = "A") || ($.event = "B") }', '{"event":"C"}', false],
])("%s on %s: %s", (pattern, line, matches) => {
  expect(jsonPattern(pattern)(line)).toBe(matches);
});

it.each(["ERROR", "{ $.count > 3 }", '{ $.a = "1" && $.b = "2" }'])("refuses %s", (pattern) => {
  expect(() => jsonPattern(pattern)).toThrow("the emulator knows no other syntax");
});
