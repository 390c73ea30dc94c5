import { meaningOf } from "../../review/meaning";
import { allow, document, OBJECTS } from "./policies/documents-of";

const text = (value: unknown) => JSON.stringify(value);
const reads = text(document(allow()));
const everything = text(document(allow({ Action: "*" })));
const session = text({ schemaVersion: "1.0", inputs: { idleSessionTimeout: "20" } });

/** The meaning in a few words. */
function brief(before: string | null, after: string | null, kind?: "endpoint") {
  const meaning = meaningOf(before, after, kind);
  if (typeof meaning === "string") return meaning;
  return meaning.kind === "policy" ? meaning.direction : meaning.fields.map(({ path }) => path).join();
}

it.each`
  what                                        | before       | after                                                                   | expected
  ${"the same text"}                          | ${"no JSON"} | ${"no JSON"}                                                            | ${"same"}
  ${"two spellings of a policy"}              | ${reads}     | ${text(document(allow({ Action: ["s3:getobject"] })))}                  | ${"same"}
  ${"two spellings of a document"}            | ${session}   | ${text({ inputs: { idleSessionTimeout: "20" }, schemaVersion: "1.0" })} | ${"same"}
  ${"two policies"}                           | ${reads}     | ${everything}                                                           | ${"wider"}
  ${"a policy that is new"}                   | ${null}      | ${reads}                                                                | ${"wider"}
  ${"a policy in place of an empty text"}     | ${""}        | ${reads}                                                                | ${"wider"}
  ${"a policy that is gone"}                  | ${reads}     | ${null}                                                                 | ${"narrower"}
  ${"two documents"}                          | ${session}   | ${text({ schemaVersion: "1.0", inputs: { idleSessionTimeout: "60" } })} | ${"inputs.idleSessionTimeout"}
  ${"a document that is new"}                 | ${null}      | ${session}                                                              | ${"inputs,schemaVersion"}
  ${"a policy that becomes another document"} | ${reads}     | ${session}                                                              | ${"Statement,Version,inputs,schemaVersion"}
  ${"nothing and an empty text"}              | ${null}      | ${" "}                                                                  | ${"same"}
  ${"a text that is no JSON"}                 | ${"abc"}     | ${reads}                                                                | ${"no-json"}
  ${"a text that becomes no JSON"}            | ${reads}     | ${"{"}                                                                  | ${"no-json"}
`("$what: $expected", ({ before, after, expected }) => {
  expect(brief(before as string | null, after as string | null)).toBe(expected);
});

it("the result for two texts is remembered, each way round and for each kind by itself", () => {
  expect(meaningOf(reads, everything)).toBe(meaningOf(reads, everything));
  expect(brief(everything, reads)).toBe("narrower");
  expect(brief(null, reads)).toBe("wider");
  expect(brief(null, reads, "endpoint")).toBe("narrower");
});

it("results are correct beyond those that are remembered", () => {
  const policyOf = (index: number) => text(document(allow({ Resource: `${OBJECTS}${index}` })));
  for (let index = 0; index < 1_200; index += 1)
    expect(brief(policyOf(index), policyOf(index + 1))).toBe("other");
  expect(brief(policyOf(0), policyOf(1))).toBe("other");
});

it("no text, the word null and the word undefined are three things", () => {
  expect(brief("null", null)).toBe("no-json");
  expect(brief(null, "undefined")).toBe("no-json");
  expect(brief(null, null)).toBe("same");
});
