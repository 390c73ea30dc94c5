import { Fn, Lazy, Token } from "cdktf";
import { toJson } from "../../../stacks/kit/json";

it("writes the same bytes for the same value", () => {
  expect(toJson({ b: [1, true, null], a: "x" })).toBe('{"b":[1,true,null],"a":"x"}');
});

it("keeps a token within a string: Terraform fills it in", () => {
  const arn = Lazy.stringValue({ produce: () => "arn" });
  expect(toJson({ key: arn })).toBe(`{"key":"${arn}"}`);
});

it("escapes IAM's variables, which Terraform would take for its own", () => {
  expect(toJson({ Resource: "bucket/${aws:PrincipalAccount}/*" })).toBe(
    '{"Resource":"bucket/$${aws:PrincipalAccount}/*"}',
  );
});

it("escapes a shell's %{...}, which Terraform would take for a template", () => {
  expect(toJson({ linux: "curl -w '%{http_code}'" })).toBe(`{"linux":"curl -w '%%{http_code}'"}`);
});

it.each<[string, unknown]>([
  ["a number", { a: Token.asNumber("${x.y}") }],
  ["a list", { a: { b: Token.asList("${x.y}") } }],
  ["a lazy value", { a: Lazy.anyValue({ produce: () => 1 }) }],
  ["a function call", { a: Fn.tobool("true") }],
  ["undefined", { a: undefined }],
])("refuses %s that it would write as garbage, and names its path", (_what, value) => {
  expect(() => toJson(value)).toThrow(/the document\.a/);
});
