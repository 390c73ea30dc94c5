import { attempt } from "../../../fleet/report/coverage";

const fromAws = (name: string, message: string, httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
const failing = (error: Error) => attempt(() => Promise.reject(error));

it("is covered where everything was read", async () => {
  expect(await attempt(() => Promise.resolve())).toEqual({
    coverage: { status: "covered", reason: null },
    read: true,
  });
});

it.each`
  error                                                                               | reason                                                 | read
  ${fromAws("AccessDeniedException", "User: x is not authorized")}                    | ${"AccessDeniedException: User: x is not authorized"}  | ${false}
  ${fromAws("ThrottlingException", "Rate exceeded")}                                  | ${"ThrottlingException: Rate exceeded"}                | ${false}
  ${fromAws("403", "403", 403)}                                                       | ${"403 (HTTP 403)"}                                    | ${false}
  ${fromAws("NoSuchBucket", "The specified bucket does not exist")}                   | ${"NoSuchBucket: The specified bucket does not exist"} | ${true}
  ${Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" })}         | ${"Error: getaddrinfo ENOTFOUND"}                      | ${false}
  ${Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" })} | ${"CredentialsProviderError: no credentials"}          | ${false}
`("is not covered for $error, in AWS's words", async ({ error, reason, read }) => {
  expect(await failing(error as Error)).toEqual({ coverage: { status: "not-covered", reason }, read });
});

it("throws what is a bug", async () => {
  await expect(failing(new TypeError("x is undefined"))).rejects.toThrow("x is undefined");
});

it("throws an interruption, whatever failed because of it", async () => {
  const controller = new AbortController();
  controller.abort(new Error("interrupted"));
  const work = () => Promise.reject(fromAws("AbortError", "aborted"));
  await expect(attempt(work, controller.signal)).rejects.toThrow("interrupted");
});
