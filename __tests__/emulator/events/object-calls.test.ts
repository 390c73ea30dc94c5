import { isReadOnly, objectCall } from "../../../emulator/events/object-calls";

const call = (method: string, url: string, headers: Readonly<Record<string, string>> = {}) =>
  objectCall({ method, url, service: "s3", headers });

it.each`
  method      | url                                     | eventName                    | readOnly
  ${"GET"}    | ${"/b/k/a.log?x-id=GetObject"}          | ${"GetObject"}               | ${true}
  ${"GET"}    | ${"/b/k/a.log?retention"}               | ${"GetObjectRetention"}      | ${true}
  ${"HEAD"}   | ${"/b/k/a.log"}                         | ${"HeadObject"}              | ${true}
  ${"PUT"}    | ${"/b/k/a.log?x-id=PutObject"}          | ${"PutObject"}               | ${false}
  ${"PUT"}    | ${"/b/k/a.log?partNumber=1&uploadId=u"} | ${"UploadPart"}              | ${false}
  ${"POST"}   | ${"/b/k/a.log?uploads"}                 | ${"CreateMultipartUpload"}   | ${false}
  ${"POST"}   | ${"/b/k/a.log?uploadId=u"}              | ${"CompleteMultipartUpload"} | ${false}
  ${"DELETE"} | ${"/b/k/a.log"}                         | ${"DeleteObject"}            | ${false}
`("$method $url is $eventName", ({ method, url, eventName, readOnly }) => {
  const found = call(method as string, url as string)!;
  expect(found).toMatchObject({ eventName: eventName as string, bucket: "b", key: "k/a.log" });
  expect(isReadOnly(found)).toBe(readOnly);
});

it("names the key as it is, and the version", () => {
  expect(call("GET", "/b/k/alice%201.log?versionId=v1")!.requestParameters).toEqual({
    bucketName: "b",
    key: "k/alice 1.log",
    versionId: "v1",
  });
});

it("is a copy where a header names what is copied", () => {
  expect(call("PUT", "/b/copy", { "x-amz-copy-source": "/b/k" })).toMatchObject({
    eventName: "CopyObject",
    requestParameters: { key: "copy", "x-amz-copy-source": "/b/k" },
  });
});

it.each([
  ["a list", "GET", "/b?list-type=2"],
  ["a setting of the bucket", "PUT", "/b?policy"],
  ["all buckets", "GET", "/"],
  ["an operation that is not known", "POST", "/b/k?other"],
])("%s is none", (_, method, url) => {
  expect(call(method, url)).toBeUndefined();
});
