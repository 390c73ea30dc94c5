import { filterPattern } from "../../../emulator/patterns/filter-pattern";

it.each`
  pattern        | message           | passes
  ${""}          | ${"anything"}     | ${true}
  ${"sudo"}      | ${"run sudo su"}  | ${true}
  ${"sudo"}      | ${"run su"}       | ${false}
  ${"sudo su"}   | ${"su then sudo"} | ${true}
  ${"sudo su"}   | ${"sudo"}         | ${true}
  ${"sudo rm"}   | ${"sudo ls"}      | ${false}
  ${'"sudo su"'} | ${"sudo ls; su"}  | ${false}
  ${'"sudo su"'} | ${"a sudo su b"}  | ${true}
`("$pattern passes '$message': $passes", ({ pattern, message, passes }) => {
  expect(filterPattern(pattern)(message)).toBe(passes);
});

it.each(["{ $.sessionId = * }", "?sudo ?su", "[a, b]", "-sudo", "%regex%"])(
  "refuses syntax that it does not know: %s",
  (pattern) => expect(() => filterPattern(pattern)).toThrow("terms"),
);
