import { isClosedFilterPattern } from "../../aws/filter-pattern";

it.each`
  pattern                                              | isClosed
  ${""}                                                | ${true}
  ${"sudo -rm"}                                        | ${true}
  ${'"sudo rm"'}                                       | ${true}
  ${'"sudo rm'}                                        | ${false}
  ${'"a \\" b"'}                                       | ${true}
  ${'"a \\"'}                                          | ${false}
  ${'"[" "{"'}                                         | ${true}
  ${'{ $.user = "alice" && ($.a = 1 || $.b = "x]") }'} | ${true}
  ${"{ $.a = "}                                        | ${false}
  ${"{ $.a = 1 ]"}                                     | ${false}
  ${"$.a = 1 }"}                                       | ${false}
  ${'[ip, user, ..., status = "4*"]'}                  | ${true}
  ${"[ip, user"}                                       | ${false}
  ${"%\\[ERR\\%[0-9]%"}                                | ${true}
  ${"%[0-9]"}                                          | ${false}
`("every quote and bracket of $pattern is closed: $isClosed", ({ pattern, isClosed }) => {
  expect(isClosedFilterPattern(pattern as string)).toBe(isClosed);
});
