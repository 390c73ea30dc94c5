import { posix } from "node:path";
import fc from "fast-check";
import { keyPrefix } from "../../../accounts/schema/names";
import { holds } from "../../helpers/property";

const schema = keyPrefix("A prefix.", "write another");

/** Texts of characters and segments that a path or a pattern gives a meaning. */
const prefix = fc
  .array(fc.constantFrom("a", "Z9", ".", "..", "/", "*", "?", "-", "_", "!", "'", "(", ")", " ", "$", "\n"), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

const accepted = prefix.filter((text) => schema.safeParse(text).success);

it("every prefix that is accepted stays the same when it is joined as a path", () =>
  holds(
    500,
    fc.property(accepted, (text) => expect(posix.join(text, "session.log")).toBe(`${text}/session.log`)),
  ));

it("no prefix that is accepted has a character that stands for others in an ARN", () =>
  holds(
    500,
    fc.property(accepted, (text) => expect(text).not.toMatch(/[*?$]/)),
  ));

it("every prefix of plain segments is accepted", () =>
  holds(
    200,
    fc.property(
      fc.array(fc.constantFrom("a", "b.c", "x..", "_d-"), { minLength: 1, maxLength: 6 }),
      (parts) => expect(schema.safeParse(parts.join("/")).success).toBe(true),
    ),
  ));
